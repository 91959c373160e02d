package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"text/template"

	"github.com/Masterminds/sprig/v3"
	"sigs.k8s.io/yaml"
)

// setsOfApplications counts ApplicationSets that were filled in.
const setsOfApplications = "ApplicationSets"

// setOf is the folder that the same project is generated into with one
// ApplicationSet.
func setOf(project string) string { return filepath.Join(project, "set") }

// checkSet fills in the ApplicationSet of a project, as Argo CD does, and compares
// what comes of it, and what lies beside it, with the Applications and AppProjects of
// each environment.
func checkSet(project string, environments []string) ([]string, int) {
	folder := filepath.Join(setOf(project), "argocd")
	fail := func(err error) ([]string, int) { return []string{fmt.Sprintf("%s: %v", folder, err)}, 0 }
	var apart []object
	for _, environment := range environments {
		own, err := applicationsOf(project, environment)
		if err != nil {
			return fail(err)
		}
		apart = append(apart, own...)
	}
	beside, err := build(folder)
	if err != nil {
		return fail(err)
	}
	together, err := withSets(beside)
	if err != nil {
		return fail(err)
	}
	found := differences(apart, together)
	for at := range found {
		found[at] += " (ApplicationSet)"
	}
	return found, len(together)
}

// withSets are the objects with what ApplicationSets make in their place.
func withSets(objects []object) ([]object, error) {
	var found []object
	for _, object := range objects {
		if object.kind != "ApplicationSet" {
			found = append(found, object)
			continue
		}
		made, err := filledIn(object)
		if err != nil {
			return nil, err
		}
		found = append(found, made...)
	}
	return found, nil
}

// hasSet says whether a project was generated with an ApplicationSet, too.
func hasSet(project string) bool {
	_, err := os.Stat(filepath.Join(setOf(project), "argocd"))
	return err == nil
}

// filledIn are the Applications of an ApplicationSet with lists: the template with
// each element, and the patch laid over it.
func filledIn(set object) ([]object, error) {
	spec, _ := set.body["spec"].(map[string]any)
	if spec["goTemplate"] != true {
		return nil, fmt.Errorf("its templates are not those of Go")
	}
	var options []string
	for _, option := range list(spec, "goTemplateOptions") {
		options = append(options, fmt.Sprint(option))
	}
	var found []object
	for _, generator := range list(spec, "generators") {
		generator, _ := generator.(map[string]any)
		of, _ := generator["list"].(map[string]any)
		for _, element := range list(of, "elements") {
			body, err := one(spec, options, element)
			if err != nil {
				return nil, err
			}
			found = append(found, object{id: idOf(body), file: set.file, body: body})
		}
	}
	return found, nil
}

func one(spec map[string]any, options []string, element any) (map[string]any, error) {
	fill := func(text string) (string, error) {
		parsed, err := template.New("").Funcs(functions()).Option(options...).Parse(text)
		if err != nil {
			return "", err
		}
		var out bytes.Buffer
		err = parsed.Execute(&out, element)
		return out.String(), err
	}
	filled, err := everywhere(spec["template"], fill)
	if err != nil {
		return nil, err
	}
	body, _ := filled.(map[string]any)
	if patch := text(spec, "templatePatch"); patch != "" {
		patch, err := fill(patch)
		if err != nil {
			return nil, err
		}
		over := map[string]any{}
		if err := yaml.Unmarshal([]byte(patch), &over, useNumber); err != nil {
			return nil, err
		}
		layOver(body, over)
	}
	body["apiVersion"], body["kind"] = "argoproj.io/v1alpha1", "Application"
	withoutEmpty(body)
	return body, nil
}

// functions are those that Argo CD has in its templates: Sprig's, but for those that
// would tell of its own environment.
func functions() template.FuncMap {
	found := template.FuncMap(sprig.GenericFuncMap())
	for _, name := range []string{"env", "expandenv", "getHostByName"} {
		delete(found, name)
	}
	return found
}

// everywhere fills in all texts of a tree, keys too.
func everywhere(tree any, fill func(string) (string, error)) (any, error) {
	switch tree := tree.(type) {
	case string:
		return fill(tree)
	case map[string]any:
		made := map[string]any{}
		for key, value := range tree {
			key, err := fill(key)
			if err != nil {
				return nil, err
			}
			if made[key], err = everywhere(value, fill); err != nil {
				return nil, err
			}
		}
		return made, nil
	case []any:
		var made []any
		for _, value := range tree {
			value, err := everywhere(value, fill)
			if err != nil {
				return nil, err
			}
			made = append(made, value)
		}
		return made, nil
	}
	return tree, nil
}

// layOver lays a patch over an Application. None of the lists that ours has is
// merged by a key, so that the patch's list takes the place of the other.
func layOver(under, over map[string]any) {
	for key, value := range over {
		below, is := under[key].(map[string]any)
		if more, both := value.(map[string]any); is && both {
			layOver(below, more)
			continue
		}
		under[key] = value
	}
}

// withoutEmpty drops empty texts, as Argo CD's own types do.
func withoutEmpty(tree map[string]any) {
	for key, value := range tree {
		if value == "" {
			delete(tree, key)
		}
		if below, is := value.(map[string]any); is {
			withoutEmpty(below)
		}
	}
}

func useNumber(decoder *json.Decoder) *json.Decoder {
	decoder.UseNumber()
	return decoder
}
