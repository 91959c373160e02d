package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	chart3 "helm.sh/helm/v3/pkg/chart"
	loader3 "helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	engine3 "helm.sh/helm/v3/pkg/engine"
	lint3 "helm.sh/helm/v3/pkg/lint"
	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	chart4 "helm.sh/helm/v4/pkg/chart/v2"
	lint4 "helm.sh/helm/v4/pkg/chart/v2/lint"
	loader4 "helm.sh/helm/v4/pkg/chart/v2/loader"
	engine4 "helm.sh/helm/v4/pkg/engine"
)

// release is one way in which a chart is installed: a line of its README.
type release struct {
	environment string
	namespace   string
	values      map[string]any
}

// chartOf is the chart's folder of a project.
func chartOf(project string) (string, error) {
	entries, err := os.ReadDir(filepath.Join(project, "charts"))
	if err != nil {
		return "", err
	}
	if len(entries) != 1 {
		return "", fmt.Errorf("%d charts in %s/charts", len(entries), project)
	}
	return filepath.Join(project, "charts", entries[0].Name()), nil
}

// releases reads from a chart's README how it is installed, and the values of each.
func releases(folder string) ([]release, error) {
	readme, err := os.ReadFile(filepath.Join(folder, "README.md"))
	if err != nil {
		return nil, err
	}
	var found []release
	for _, line := range strings.Split(string(readme), "\n") {
		words := strings.Fields(line)
		if len(words) < 4 || words[0] != "helm" || words[1] != "install" {
			continue
		}
		release := release{values: map[string]any{}}
		for at, word := range words {
			if at+1 == len(words) {
				break
			}
			next := words[at+1]
			switch word {
			case "--namespace":
				release.namespace = next
			case "-f":
				if environment, is := strings.CutPrefix(next, "values-"); is {
					release.environment = strings.TrimSuffix(environment, ".yaml")
				}
				if err := lay(release.values, filepath.Join(folder, next)); err != nil {
					return nil, err
				}
			}
		}
		found = append(found, release)
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%s/README.md does not say how the chart is installed", folder)
	}
	return found, nil
}

// lay lays a file of values over others. One with the values of secrets may be there
// as an example only, which people fill in.
func lay(values map[string]any, path string) error {
	if _, err := os.Stat(path); err != nil {
		path = strings.TrimSuffix(path, ".yaml") + ".example.yaml"
	}
	more, err := chartutil.ReadValuesFile(path)
	if err != nil {
		return err
	}
	merge(values, more)
	return nil
}

func merge(values, more map[string]any) {
	for key, value := range more {
		below, is := values[key].(map[string]any)
		above, both := value.(map[string]any)
		if is && both {
			merge(below, above)
			continue
		}
		values[key] = value
	}
}

// templates renders a chart with a Helm.
type templates func(folder string, release release) (map[string]string, error)

func helm3(folder string, release release) (map[string]string, error) {
	chart, err := loader3.LoadDir(folder)
	if err != nil {
		return nil, err
	}
	return render3(chart, release)
}

func render3(chart *chart3.Chart, release release) (map[string]string, error) {
	options := chartutil.ReleaseOptions{Name: "r", Namespace: release.namespace, IsInstall: true}
	values, err := chartutil.ToRenderValues(chart, release.values, options, chartutil.DefaultCapabilities)
	if err != nil {
		return nil, err
	}
	return engine3.Render(chart, values)
}

func helm4(folder string, release release) (map[string]string, error) {
	chart, err := loader4.LoadDir(folder)
	if err != nil {
		return nil, err
	}
	return render4(chart, release)
}

func render4(chart *chart4.Chart, release release) (map[string]string, error) {
	options := common.ReleaseOptions{Name: "r", Namespace: release.namespace, IsInstall: true}
	values, err := util.ToRenderValues(chart, release.values, options, common.DefaultCapabilities)
	if err != nil {
		return nil, err
	}
	return engine4.Render(chart, values)
}

// helm renders the chart of a project as its README says it is installed. The
// Namespace is made where the chart has one, which is left to people otherwise.
func helm(render templates) func(project, environment string) ([]object, error) {
	return func(project, environment string) ([]object, error) {
		folder, err := chartOf(project)
		if err != nil {
			return nil, err
		}
		all, err := releases(folder)
		if err != nil {
			return nil, err
		}
		at := slices.IndexFunc(all, func(one release) bool { return one.environment == environment })
		// A project with one environment writes its manifests without a folder for it.
		if at < 0 && environment == "" && len(all) == 1 {
			at = 0
		}
		if at < 0 {
			return nil, fmt.Errorf("the README does not say how %q is installed", environment)
		}
		flat, err := readFolder(filepath.Join(project, "manifests", environment))
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(flat, func(one object) bool { return one.kind == "Namespace" }) {
			makeNamespace(folder, all[at].values)
		}
		rendered, err := render(folder, all[at])
		if err != nil {
			return nil, err
		}
		return objectsOf(rendered)
	}
}

func makeNamespace(folder string, values map[string]any) {
	defaults, err := chartutil.ReadValuesFile(filepath.Join(folder, "values.yaml"))
	own, _ := defaults["namespace"].(map[string]any)
	if _, is := own["create"]; err == nil && is {
		merge(values, map[string]any{"namespace": map[string]any{"create": true}})
	}
}

// objectsOf are the objects of rendered templates, without tests.
func objectsOf(rendered map[string]string) ([]object, error) {
	var found []object
	for path, text := range rendered {
		if filepath.Ext(path) != ".yaml" || strings.Contains(path, "/tests/") {
			continue
		}
		objects, err := parse(path, []byte(text))
		if err != nil {
			return nil, err
		}
		found = append(found, objects...)
	}
	return found, nil
}

// lint says what both Helms have to say of a project's chart, strictly.
func lint(project string) []string {
	folder, err := chartOf(project)
	if err != nil {
		return nil
	}
	all, err := releases(folder)
	if err != nil {
		return []string{err.Error()}
	}
	var said []string
	for _, release := range all {
		for _, message := range lint3.All(folder, release.values, release.namespace, true).Messages {
			if message.Severity > 1 {
				said = append(said, fmt.Sprintf("%s: Helm 3: %s", folder, message.Error()))
			}
		}
		for _, message := range lint4.RunAll(folder, release.values, release.namespace).Messages {
			if message.Severity > 1 {
				said = append(said, fmt.Sprintf("%s: Helm 4: %s", folder, message.Error()))
			}
		}
	}
	return said
}
