package main

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gobwas/glob"
)

// argoOf is the folder of an environment's Applications, within a project: one of
// its own, or that of all where an ApplicationSet makes them. The manifests of an only
// environment lie where those of none do.
func argoOf(project, environment string) string {
	own := path.Join("argocd", environment)
	is := func(folder string) bool {
		_, err := os.Stat(filepath.Join(project, folder, "kustomization.yaml"))
		return err == nil
	}
	for _, folder := range []string{own, "argocd"} {
		if is(folder) {
			return folder
		}
	}
	only, _ := filepath.Glob(filepath.Join(project, "argocd", "*", "kustomization.yaml"))
	if len(only) != 1 {
		return own
	}
	return path.Join("argocd", filepath.Base(filepath.Dir(only[0])))
}

// environmentLabel says of Applications which named environment they are of.
const environmentLabel = "kubewright.dev/environment"

// applicationsOf are the Applications of an environment and its AppProject.
func applicationsOf(project, environment string) ([]object, error) {
	own, err := build(filepath.Join(project, argoOf(project, environment)))
	if err != nil {
		return nil, err
	}
	own, err = withSets(own)
	return slices.DeleteFunc(own, func(o object) bool {
		return environment != "" && environment != text(o.body, "metadata", "labels", environmentLabel)
	}), err
}

// argocd gives what an environment's Applications bring: the manifests that they
// choose, and the charts among them. Everything has to be allowed by the AppProject.
func argocd(project, environment string) ([]object, error) {
	own, err := applicationsOf(project, environment)
	if err != nil {
		return nil, err
	}
	prefix, err := prefixOf(project, argoOf(project, environment))
	if err != nil {
		return nil, err
	}
	flat, err := readFolder(filepath.Join(project, "manifests", environment))
	if err != nil {
		return nil, err
	}
	var brought []object
	for _, application := range ofKind(own, "Application") {
		objects := []object{application}
		if include := text(application.body, "spec", "source", "directory", "include"); include != "" {
			from, is := strings.CutPrefix(text(application.body, "spec", "source", "path"), prefix)
			if !is {
				return nil, fmt.Errorf("%s takes files from outside of `%s`", application.id, prefix)
			}
			objects, err = chosen(filepath.Join(project, from), include)
		} else {
			objects, err = chartAmong(flat, application)
		}
		if err == nil {
			err = allowed(own, application, objects)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", application.id, err)
		}
		brought = append(brought, objects...)
	}
	// The AppProject of the charts is part of ours.
	return append(brought, ofKind(flat, "AppProject")...), nil
}

// prefixOf is the folder of the repository that the project lies in, with a `/` at
// its end: the root says where it finds the others.
func prefixOf(project, within string) (string, error) {
	folder := filepath.Join(project, within)
	root, err := os.ReadFile(filepath.Join(folder, "root.yaml"))
	if err != nil {
		return "", err
	}
	objects, err := parse(folder, root)
	if err != nil || len(objects) != 1 {
		return "", fmt.Errorf("%s/root.yaml is not one Application: %w", folder, err)
	}
	prefix, is := strings.CutSuffix(text(objects[0].body, "spec", "source", "path"), within)
	if !is {
		return "", fmt.Errorf("%s/root.yaml does not bring its folder", folder)
	}
	return prefix, nil
}

// chosen are the objects of the files of a folder that a pattern has, as Argo CD
// chooses them: those of the folder itself, by its own library for patterns.
func chosen(folder, include string) ([]object, error) {
	pattern, err := glob.Compile(include)
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var found []object
	for _, entry := range entries {
		if entry.IsDir() || !pattern.Match(entry.Name()) {
			continue
		}
		file := filepath.Join(folder, entry.Name())
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		objects, err := parse(file, text)
		if err != nil {
			return nil, err
		}
		found = append(found, objects...)
	}
	return found, nil
}

// chartAmong is the Application of the manifests that one of ours stands for. Only
// its name, its AppProject and the label of its environment may be others.
func chartAmong(flat []object, application object) ([]object, error) {
	name := application.name
	if environment := text(application.body, "metadata", "labels", environmentLabel); environment != "" {
		_, name, _ = strings.Cut(name, "-"+environment+"-")
	}
	for _, chart := range ofKind(flat, "Application") {
		if chart.name != name {
			continue
		}
		var wrong []string
		walk("", chart.body, application.body, func(path string, flat, ours any) {
			if !slices.Contains([]string{".metadata.name", ".spec.project", ".metadata.labels." + environmentLabel}, path) {
				wrong = append(wrong, fmt.Sprintf("%s is %s, among the manifests %s", path, shown(ours), shown(flat)))
			}
		})
		if len(wrong) > 0 {
			return nil, fmt.Errorf("%s", strings.Join(wrong, "; "))
		}
		return []object{chart}, nil
	}
	return nil, fmt.Errorf("it is no chart among the manifests")
}

// allowed says what of an Application its AppProject does not allow.
func allowed(own []object, application object, brings []object) error {
	spec, _ := application.body["spec"].(map[string]any)
	for _, project := range ofKind(own, "AppProject") {
		if project.name != text(spec, "project") {
			continue
		}
		allows, _ := project.body["spec"].(map[string]any)
		if !slices.Contains(list(allows, "sourceRepos"), any(text(spec, "source", "repoURL"))) {
			return fmt.Errorf("its repository is not allowed")
		}
		to, _ := spec["destination"].(map[string]any)
		namespaces := []string{text(to, "namespace")}
		for _, object := range brings {
			if object.kind != "Application" && object.namespace != "" {
				namespaces = append(namespaces, object.namespace)
			}
			if ofTheCluster(object) && !mayBring(allows, object) {
				return fmt.Errorf("%s is not allowed", object.id)
			}
		}
		for _, namespace := range namespaces {
			if !mayLead(allows, to, namespace) {
				return fmt.Errorf("the namespace %s is not allowed", namespace)
			}
		}
		return nil
	}
	return fmt.Errorf("its AppProject is not there")
}

// ofTheCluster says of a kind that the cases have whether it lives in no namespace.
func ofTheCluster(object object) bool {
	kinds := []string{"Namespace", "StorageClass", "PriorityClass", "CustomResourceDefinition", "PersistentVolume", "IngressClass", "GatewayClass"}
	return slices.Contains(kinds, object.kind) || strings.HasPrefix(object.kind, "Cluster")
}

func mayBring(allows map[string]any, object object) bool {
	return slices.ContainsFunc(list(allows, "clusterResourceWhitelist"), func(one any) bool {
		kind, _ := one.(map[string]any)
		fits := func(key, value string) bool { return text(kind, key) == "*" || text(kind, key) == value }
		return fits("group", object.group) && fits("kind", object.kind)
	})
}

func mayLead(allows, to map[string]any, namespace string) bool {
	return slices.ContainsFunc(list(allows, "destinations"), func(one any) bool {
		place, _ := one.(map[string]any)
		return text(place, "server") == text(to, "server") && text(place, "name") == text(to, "name") &&
			text(place, "namespace") == namespace
	})
}

func ofKind(objects []object, kind string) []object {
	return slices.DeleteFunc(slices.Clone(objects), func(o object) bool {
		return o.kind != kind || o.group != "argoproj.io"
	})
}

// text is the text at a way of keys; empty where there is none.
func text(values map[string]any, way ...string) string {
	for _, key := range way[:len(way)-1] {
		values, _ = values[key].(map[string]any)
	}
	found, _ := values[way[len(way)-1]].(string)
	return found
}

func list(values map[string]any, key string) []any {
	found, _ := values[key].([]any)
	return found
}
