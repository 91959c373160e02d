package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
)

// renderer makes objects of one form.
type renderer struct {
	form string // the folder of the form within a project
	name string // for people
	slow bool   // it takes long
	// render gives the objects of an environment; it is empty in a project without
	// named ones.
	render func(project, environment string) ([]object, error)
}

// valuesOfCharts counts charts whose values were changed one by one.
const valuesOfCharts = "values of charts"

// count says how much a renderer was asked for.
type count struct{ environments, objects, different int }

// result is what came of a project.
type result struct {
	differences []string
	counts      map[string]count
}

func (r *result) add(other result) {
	r.differences = append(r.differences, other.differences...)
	for name, more := range other.counts {
		count := r.counts[name]
		count.environments += more.environments
		count.objects += more.objects
		count.different += more.different
		r.counts[name] = count
	}
}

// compareProject compares all forms of a project; those that take long only where all
// ways are wanted.
func compareProject(project string, renderers []renderer, all bool) result {
	result := result{counts: map[string]count{}}
	fail := func(format string, values ...any) {
		result.differences = append(result.differences, fmt.Sprintf(format, values...))
	}
	environments, err := environmentsOf(project)
	if err != nil {
		fail("%s: %v", project, err)
		return result
	}
	for _, environment := range environments {
		folder := filepath.Join(project, "manifests", environment)
		flat, err := readFolder(folder)
		if err != nil {
			fail("%s: %v", folder, err)
			continue
		}
		for _, renderer := range renderers {
			if _, err := os.Stat(filepath.Join(project, renderer.form)); err != nil {
				continue
			}
			if renderer.slow && !all {
				continue
			}
			count := result.counts[renderer.name]
			count.environments++
			count.objects += len(flat)
			rendered, err := renderer.render(project, environment)
			if err != nil {
				fail("%s: %s: %v", folder, renderer.name, err)
				count.different++
			}
			if err == nil {
				found := differences(flat, rendered)
				for _, line := range found {
					fail("%s (%s)", line, renderer.name)
				}
				if len(found) > 0 {
					count.different++
				}
			}
			result.counts[renderer.name] = count
		}
	}
	if _, err := chartOf(project); err == nil && all {
		said, tried := checkValues(project)
		said = append(said, lint(project)...)
		result.differences = append(result.differences, said...)
		result.counts[valuesOfCharts] = count{environments: len(environments), objects: tried, different: min(len(said), 1)}
	}
	if hasSet(project) {
		said, made := checkSet(project, environments)
		result.differences = append(result.differences, said...)
		result.counts[setsOfApplications] = count{environments: len(environments), objects: made, different: min(len(said), 1)}
	}
	return result
}

// environmentsOf names the environments of a project: the folders of its
// manifests, or one without a name where the manifests lie there themselves.
func environmentsOf(project string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(project, "manifests"))
	if err != nil {
		return nil, err
	}
	var folders []string
	for _, entry := range entries {
		if !entry.IsDir() && strings.HasSuffix(entry.Name(), ".yaml") {
			return []string{""}, nil
		}
		if entry.IsDir() && !strings.HasPrefix(entry.Name(), ".") {
			folders = append(folders, entry.Name())
		}
	}
	return folders, nil
}

// differences says where both do not hold the same objects.
func differences(flat, rendered []object) []string {
	var found []string
	byID := map[id]object{}
	for _, object := range rendered {
		if _, repeated := byID[object.id]; repeated {
			found = append(found, fmt.Sprintf("%s: rendered twice", object.id))
		}
		byID[object.id] = object
	}
	for _, object := range flat {
		other, is := byID[object.id]
		if !is {
			found = append(found, fmt.Sprintf("%s: %s is not rendered", object.file, object.id))
			continue
		}
		delete(byID, object.id)
		walk("", object.body, other.body, func(path string, flat, rendered any) {
			found = append(found, fmt.Sprintf("%s: %s: %s is %s, rendered %s",
				object.file, object.id, path, shown(flat), shown(rendered)))
		})
	}
	var more []string
	for id := range byID {
		more = append(more, fmt.Sprintf("%s: rendered, and there is no manifest of it", id))
	}
	slices.Sort(more)
	return append(found, more...)
}

// missing stands for what one of two does not have.
type missing struct{}

// walk calls differ for each place at which both differ.
func walk(path string, flat, rendered any, differ func(path string, flat, rendered any)) {
	switch flat := flat.(type) {
	case map[string]any:
		rendered, is := rendered.(map[string]any)
		if !is {
			break
		}
		keys := map[string]bool{}
		for key := range flat {
			keys[key] = true
		}
		for key := range rendered {
			keys[key] = true
		}
		for _, key := range sorted(keys) {
			walk(path+"."+key, valueAt(flat, key), valueAt(rendered, key), differ)
		}
		return
	case []any:
		rendered, is := rendered.([]any)
		if !is || len(rendered) != len(flat) {
			break
		}
		for at := range flat {
			walk(fmt.Sprintf("%s[%d]", path, at), flat[at], rendered[at], differ)
		}
		return
	}
	if !reflect.DeepEqual(flat, rendered) {
		differ(path, flat, rendered)
	}
}

func valueAt(values map[string]any, key string) any {
	if value, is := values[key]; is {
		return value
	}
	return missing{}
}

func sorted(keys map[string]bool) []string {
	var found []string
	for key := range keys {
		found = append(found, key)
	}
	slices.Sort(found)
	return found
}

// shown is a value on one line, cut where it is long.
func shown(value any) string {
	if _, is := value.(missing); is {
		return "missing"
	}
	text, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	if runes := []rune(string(text)); len(runes) > 200 {
		return string(runes[:200]) + "…"
	}
	return string(text)
}
