package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"go.starlark.net/starlark"
	"go.starlark.net/starlarkstruct"
	"go.starlark.net/syntax"
)

// What Tilt allows beyond the core of the language.
var options = &syntax.FileOptions{
	Set:             true,
	GlobalReassign:  true,
	Recursion:       true,
	TopLevelControl: true,
	While:           true,
}

// A step of a live update.
type step struct {
	starlark.Value
	kind  string
	paths []string
}

// What docker_build was told.
type image struct {
	reference, context string
	steps              []step
}

// What k8s_resource was told.
type told struct {
	workload, newName      string
	forwards, needs, holds []string
}

// What a Tiltfile says while it runs.
type loader struct {
	folder, environment string
	objects             []object
	images              []image
	told                []told
	variables           map[string]string
}

// Runs the Tiltfile of a folder and puts together what it says.
func load(folder, environment string) ([]string, error) {
	path := filepath.Join(folder, "Tiltfile")
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	state := &loader{folder: folder, environment: environment, variables: map[string]string{}}
	thread := &starlark.Thread{Name: path, Print: func(*starlark.Thread, string) {}}
	_, err = starlark.ExecFileOptions(options, thread, path, text, state.universe())
	var traced *starlark.EvalError
	if errors.As(err, &traced) {
		return nil, errors.New(traced.Backtrace())
	}
	if err != nil {
		return nil, err
	}
	if err := state.checkImages(); err != nil {
		return nil, err
	}
	return state.assemble()
}

// All functions and values that a Tiltfile sees.
func (l *loader) universe() starlark.StringDict {
	top := starlark.StringDict{
		"TRIGGER_MODE_AUTO":   starlark.MakeInt(1),
		"TRIGGER_MODE_MANUAL": starlark.MakeInt(2),
	}
	for name, parameters := range functions() {
		modules := strings.Split(name, ".")
		within := top
		for _, module := range modules[:len(modules)-1] {
			if within[module] == nil {
				within[module] = &starlarkstruct.Module{Name: module, Members: starlark.StringDict{}}
			}
			within = within[module].(*starlarkstruct.Module).Members
		}
		within[modules[len(modules)-1]] = starlark.NewBuiltin(name, l.caller(name, parameters))
	}
	return top
}

type function = func(*starlark.Thread, *starlark.Builtin, starlark.Tuple, []starlark.Tuple) (starlark.Value, error)

// A function that takes these parameters and no others.
func (l *loader) caller(name string, parameters []parameter) function {
	return func(_ *starlark.Thread, _ *starlark.Builtin, places starlark.Tuple, named []starlark.Tuple) (starlark.Value, error) {
		given := map[string]starlark.Value{}
		if len(places) > len(parameters) {
			return nil, fmt.Errorf("%s: %d arguments, and there are %d parameters", name, len(places), len(parameters))
		}
		for at, value := range places {
			given[parameters[at].name] = value
		}
		for _, pair := range named {
			key := string(pair[0].(starlark.String))
			if !slices.ContainsFunc(parameters, func(p parameter) bool { return p.name == key }) {
				return nil, fmt.Errorf("%s: there is no parameter %s", name, key)
			}
			if given[key] != nil {
				return nil, fmt.Errorf("%s: the parameter %s is given twice", name, key)
			}
			given[key] = pair[1]
		}
		for _, parameter := range parameters {
			if !parameter.optional && given[parameter.name] == nil {
				return nil, fmt.Errorf("%s: the parameter %s is missing", name, parameter.name)
			}
		}
		return l.call(name, given)
	}
}

func text(value starlark.Value) string {
	if value, is := value.(starlark.String); is {
		return string(value)
	}
	return ""
}

// One text or a list of texts; anything else is an error.
func texts(value starlark.Value) ([]string, error) {
	switch value := value.(type) {
	case nil, starlark.NoneType:
		return nil, nil
	case starlark.String:
		return []string{string(value)}, nil
	case starlark.Indexable:
		all := []string{}
		for at := range value.Len() {
			item, is := value.Index(at).(starlark.String)
			if !is {
				return nil, fmt.Errorf("%v is no text", value.Index(at))
			}
			all = append(all, string(item))
		}
		return all, nil
	}
	return nil, fmt.Errorf("%v is neither a text nor a list of them", value)
}

func (l *loader) call(name string, given map[string]starlark.Value) (starlark.Value, error) {
	switch name {
	case "fail":
		return nil, errors.New(text(given["msg"]))
	case "config.parse":
		parsed := starlark.NewDict(1)
		if l.environment != "" {
			return parsed, parsed.SetKey(starlark.String("env"), starlark.String(l.environment))
		}
		return parsed, nil
	case "os.getenv":
		if value, is := l.variables[text(given["key"])]; is {
			return starlark.String(value), nil
		}
		if given["default"] != nil {
			return given["default"], nil
		}
	case "os.putenv":
		l.variables[text(given["key"])] = text(given["value"])
	case "read_file":
		content, err := os.ReadFile(l.at(text(given["file_path"])))
		if err != nil && given["default"] != nil {
			return given["default"], nil
		}
		return starlark.String(content), err
	case "sync", "run", "fall_back_on":
		return l.step(name, given)
	case "k8s_yaml":
		return starlark.None, l.yaml(given["yaml"])
	case "docker_build":
		return starlark.None, l.build(given)
	case "k8s_resource":
		return starlark.None, l.resource(given)
	case "watch_settings":
		_, err := texts(given["ignore"])
		return starlark.None, err
	case "allow_k8s_contexts":
		_, err := texts(given["contexts"])
		return starlark.None, err
	}
	return starlark.None, nil
}

func (l *loader) at(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(l.folder, path)
}

func (l *loader) step(kind string, given map[string]starlark.Value) (starlark.Value, error) {
	paths := map[string]starlark.Value{"sync": given["local_path"], "run": given["trigger"], "fall_back_on": given["files"]}
	found, err := texts(paths[kind])
	if err != nil {
		return nil, fmt.Errorf("%s: %w", kind, err)
	}
	if kind == "sync" && !strings.HasPrefix(text(given["remote_path"]), "/") {
		return nil, fmt.Errorf("sync: %v is no path in a container", given["remote_path"])
	}
	if _, err := texts(given["cmd"]); err != nil {
		return nil, fmt.Errorf("run: %w", err)
	}
	return step{starlark.String(kind), kind, found}, nil
}

func (l *loader) build(given map[string]starlark.Value) error {
	built := image{reference: text(given["ref"]), context: filepath.Clean(text(given["context"]))}
	if built.reference == "" || built.context == "" {
		return errors.New("docker_build: ref and context have to be texts")
	}
	if given["dockerfile"] != nil && given["dockerfile_contents"] != nil {
		return errors.New("docker_build: dockerfile and dockerfile_contents exclude each other")
	}
	for _, key := range []string{"ssh", "extra_tag", "cache_from", "extra_hosts", "ignore", "only"} {
		if _, err := texts(given[key]); err != nil {
			return fmt.Errorf("docker_build: %s: %w", key, err)
		}
	}
	if arguments, is := given["build_args"].(*starlark.Dict); is {
		for _, pair := range arguments.Items() {
			if _, is := pair[1].(starlark.String); !is {
				return fmt.Errorf("docker_build: the argument %v is no text", pair[0])
			}
		}
	}
	if steps, is := given["live_update"].(*starlark.List); is {
		for at := range steps.Len() {
			step, is := steps.Index(at).(step)
			if !is {
				return fmt.Errorf("docker_build: %v is no step of a live update", steps.Index(at))
			}
			built.steps = append(built.steps, step)
		}
	}
	for _, other := range l.images {
		if other.reference == built.reference {
			return fmt.Errorf("docker_build: %s is built twice", built.reference)
		}
	}
	l.images = append(l.images, built)
	return nil
}

func (l *loader) resource(given map[string]starlark.Value) error {
	told := told{workload: text(given["workload"]), newName: text(given["new_name"])}
	var err error
	for key, into := range map[string]*[]string{"port_forwards": &told.forwards, "resource_deps": &told.needs, "objects": &told.holds} {
		if *into, err = texts(given[key]); err != nil {
			return fmt.Errorf("k8s_resource: %s: %w", key, err)
		}
	}
	labels, err := texts(given["labels"])
	if err != nil {
		return fmt.Errorf("k8s_resource: labels: %w", err)
	}
	for _, label := range labels {
		if !isLabel.MatchString(label) {
			return fmt.Errorf("k8s_resource: %q is no label", label)
		}
	}
	if readiness := given["pod_readiness"]; readiness != nil && !slices.Contains([]string{"ignore", "wait", "succeeded"}, text(readiness)) {
		return fmt.Errorf("k8s_resource: pod_readiness is %v", readiness)
	}
	for _, forward := range told.forwards {
		for _, part := range strings.Split(forward, ":") {
			if port, err := strconv.ParseUint(part, 10, 16); err != nil || port == 0 {
				return fmt.Errorf("k8s_resource: %q is no port forward", forward)
			}
		}
	}
	l.told = append(l.told, told)
	return nil
}

// The order of steps, and that all paths lie below what is built.
func (l *loader) checkImages() error {
	order := []string{"fall_back_on", "sync", "run"}
	for _, image := range l.images {
		last := 0
		for _, step := range image.steps {
			place := slices.Index(order, step.kind)
			if place < last {
				return fmt.Errorf("docker_build %s: %s stands behind %s", image.reference, step.kind, order[last])
			}
			last = place
			for _, path := range step.paths {
				if inside, err := filepath.Rel(image.context, path); err != nil || !filepath.IsLocal(inside) {
					return fmt.Errorf("docker_build %s: %s does not lie in %s", image.reference, path, image.context)
				}
			}
		}
		if !slices.ContainsFunc(l.objects, func(o object) bool { return o.runs(image.reference) }) {
			return fmt.Errorf("docker_build %s: no object runs this image", image.reference)
		}
	}
	return nil
}
