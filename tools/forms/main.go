// Compares the forms that kubewright writes with the flat manifests.
//
//	forms [--kubectl NAME=PATH]… [--every N] [--list FILE] [PROJECT…]
//
// PROJECT is a folder that `kubewright generate -o PROJECT` was given, with the
// manifests among the forms: they lie in `manifests/`, those of an environment in
// `manifests/{E}/`. Every form that is there beside them is rendered for each
// environment, by the library of its own tool and by each kubectl, and has to say
// the same objects. --list names a file with one PROJECT a line. Of a chart, each value
// is changed on its own as well, and it is linted.
//
// What takes long, kubectl and the values, is done for every project; with --every N
// for each Nth one only, because of many generated projects a part is enough.
//
// Objects are compared as the API server would see them: the order of lists
// counts, that of keys and of objects does not. A line is printed for each
// difference, and one at the end for each renderer.
//
// Exit codes: 0 all say the same, 1 there are differences, 2 wrong use, 3 nothing
// could be compared.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
)

func main() {
	var kubectls []string
	flags := flag.NewFlagSet("forms", flag.ExitOnError)
	flags.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: forms [--kubectl NAME=PATH]… [--every N] [--list FILE] [PROJECT…]")
	}
	flags.Func("kubectl", "NAME=PATH of a kubectl", func(value string) error {
		if !strings.Contains(value, "=") {
			return errors.New("it is NAME=PATH")
		}
		kubectls = append(kubectls, value)
		return nil
	})
	every := flags.Int("every", 1, "do what takes long for each `N`th project only")
	list := flags.String("list", "", "a file with one project a line")
	flags.Parse(os.Args[1:])
	projects := flags.Args()
	if *list != "" {
		lines, err := lines(*list)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		projects = append(projects, lines...)
	}
	if len(projects) == 0 || *every < 1 {
		flags.Usage()
		os.Exit(2)
	}
	renderers := []renderer{{form: "kustomize", name: "Kustomize " + kustomizeVersion(), render: kustomize}}
	renderers = append(renderers,
		renderer{form: "charts", name: "Helm 3", render: helm(helm3)},
		renderer{form: "charts", name: "Helm 4", render: helm(helm4)})
	renderers = append(renderers, renderer{form: "argocd", name: "Argo CD", render: argocd})
	for _, kubectl := range kubectls {
		name, path, _ := strings.Cut(kubectl, "=")
		renderers = append(renderers, renderer{form: "kustomize", name: name, slow: true, render: kubectlKustomize(path)})
	}
	os.Exit(report(renderers, compareAll(projects, renderers, *every)))
}

func lines(path string) ([]string, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var found []string
	scanner := bufio.NewScanner(file)
	for scanner.Scan() {
		if line := strings.TrimSpace(scanner.Text()); line != "" {
			found = append(found, line)
		}
	}
	return found, scanner.Err()
}

// compareAll compares all projects, as many at once as there are processors, and
// gives the results in their order. Each of so many is compared in all ways.
func compareAll(projects []string, renderers []renderer, every int) []result {
	results := make([]result, len(projects))
	work := make(chan int)
	var group sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for at := range work {
				results[at] = compareProject(projects[at], renderers, at%every == 0)
			}
		})
	}
	for at := range projects {
		work <- at
	}
	close(work)
	group.Wait()
	return results
}

// report prints what was found and gives the exit code.
func report(renderers []renderer, results []result) int {
	total := result{counts: map[string]count{}}
	for _, result := range results {
		for _, line := range result.differences {
			fmt.Println(line)
		}
		total.add(result)
	}
	compared := false
	for _, renderer := range renderers {
		count := total.counts[renderer.name]
		compared = compared || count.environments > 0
		fmt.Printf("%s: %d environments with %d objects, %d differ\n",
			renderer.name, count.environments, count.objects, count.different)
	}
	if count := total.counts[valuesOfCharts]; count.environments > 0 {
		fmt.Printf("%d values of charts changed one by one, %d charts do something else\n", count.objects, count.different)
	}
	if count := total.counts[setsOfApplications]; count.environments > 0 {
		fmt.Printf("%s: those of %d environments with %d objects, %d differ\n",
			setsOfApplications, count.environments, count.objects, count.different)
	}
	switch {
	case len(total.differences) > 0:
		return 1
	case !compared:
		fmt.Fprintln(os.Stderr, "no project has a form beside its manifests")
		return 3
	}
	return 0
}
