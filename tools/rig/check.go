package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
)

// checkOptions are the arguments of `rig check`.
type checkOptions struct {
	planes         []string
	folders        []string
	skipApply      bool
	strictWarnings bool
}

func checkCommand(ctx context.Context, args []string, stdout io.Writer) error {
	options, err := checkArguments(args)
	if err != nil {
		return err
	}
	cases, err := readFolders(options.folders)
	if err != nil {
		return err
	}
	box, err := openToolbox(ctx, toolsFor(options.planes)...)
	if err != nil {
		return err
	}
	work, err := openWorkspace()
	if err != nil {
		return err
	}
	defer work.close()

	reports := make([]report, len(options.planes))
	failures := make([]error, len(options.planes))
	// One server's failure to run is the whole check's: stop the other too.
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var all sync.WaitGroup
	for i, name := range options.planes {
		all.Go(func() {
			reports[i], failures[i] = checkOnPlane(ctx, name, box, work.folder, cases, options)
			if failures[i] != nil {
				cancel(failures[i])
			}
		})
	}
	all.Wait()
	if err := context.Cause(ctx); err != nil {
		return err
	}
	return writeReports(stdout, cases, reports, options.strictWarnings)
}

func checkOnPlane(ctx context.Context, name string, box toolbox, folder string, cases []contents, options checkOptions) (report, error) {
	started := time.Now()
	p, served, err := preparePlane(ctx, name, box, folder)
	if err != nil {
		return report{}, err
	}
	defer p.stop()
	if err := p.selfCheck(ctx, served); err != nil {
		return report{}, err
	}
	ready := time.Since(started)
	findings, err := p.run(ctx, planJobs(cases, served), served, !options.skipApply)
	if err != nil {
		return report{}, err
	}
	say("Kubernetes %s: ready after %.1f s, objects %.1f s", p.version, ready.Seconds(), (time.Since(started) - ready).Seconds())
	return report{version: p.version, findings: findings}, nil
}

func checkArguments(args []string) (checkOptions, error) {
	var options checkOptions
	flags := newFlags("check")
	kube := flags.String("kube", "both", "")
	list := flags.String("list", "", "")
	flags.BoolVar(&options.skipApply, "skip-apply", false, "")
	flags.BoolVar(&options.strictWarnings, "strict-warnings", false, "")
	folders, err := parse(flags, args)
	if err != nil {
		return options, err
	}
	options.folders = folders
	if *list != "" {
		more, err := readList(*list)
		if err != nil {
			return options, err
		}
		options.folders = append(options.folders, more...)
	}
	switch *kube {
	case "both":
		options.planes = []string{"newest", "oldest"}
	case "newest", "oldest":
		options.planes = []string{*kube}
	default:
		return options, usageError{fmt.Errorf("--kube `%s`: say newest, oldest or both", *kube)}
	}
	if len(options.folders) == 0 {
		return options, usageError{errors.New("no folder to check")}
	}
	return options, nil
}

// readList reads paths, one a line; `-` is stdin.
func readList(path string) ([]string, error) {
	in := os.Stdin
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		in = file
	}
	var paths []string
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		if line := strings.TrimSpace(lines.Text()); line != "" {
			paths = append(paths, line)
		}
	}
	return paths, lines.Err()
}

func toolsFor(planes []string) []string {
	tools := []string{"etcd", "crds"}
	for _, name := range planes {
		tools = append(tools, planeNames[name])
	}
	return tools
}

// readFolders reads all folders. Nothing to check at all is a mistake of the
// caller that must not look like success.
func readFolders(folders []string) ([]contents, error) {
	cases := make([]contents, len(folders))
	failures := make([]error, len(folders))
	inParallel(len(folders), func(i int) { cases[i], failures[i] = readFolder(folders[i]) })
	documents := 0
	for i, err := range failures {
		if err != nil {
			return nil, err
		}
		count := len(cases[i].objects) + len(cases[i].problems)
		if count == 0 {
			say("%s holds no objects", folders[i])
		}
		documents += count
	}
	if documents == 0 {
		return nil, errors.New("there is not one object to check")
	}
	return cases, nil
}
