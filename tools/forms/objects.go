package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"sigs.k8s.io/yaml"
)

// id is what makes two objects one.
type id struct{ group, kind, namespace, name string }

func (i id) String() string {
	text := i.kind
	if i.group != "" {
		text += "." + i.group
	}
	if i.namespace != "" {
		return text + " " + i.namespace + "/" + i.name
	}
	return text + " " + i.name
}

// object is one Kubernetes object, and the file that it stands in.
type object struct {
	id
	file string
	body map[string]any
}

// readFolder reads the objects of all YAML files below a folder.
func readFolder(folder string) ([]object, error) {
	var found []object
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".yaml" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		objects, err := parse(path, text)
		found = append(found, objects...)
		return err
	})
	return found, err
}

// parse reads the objects of a text as kubectl reads them: as JSON.
func parse(file string, text []byte) ([]object, error) {
	var found []object
	for _, document := range documents(text) {
		asJSON, err := yaml.YAMLToJSON(document)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		decoder := json.NewDecoder(bytes.NewReader(asJSON))
		decoder.UseNumber()
		var body map[string]any
		if err := decoder.Decode(&body); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if body != nil {
			withoutNothing(body)
			found = append(found, object{id: idOf(body), file: file, body: body})
		}
	}
	return found, nil
}

// withoutNothing takes away mappings of labels and annotations that hold nothing: an
// API server and Kustomize take them for none.
func withoutNothing(body map[string]any) {
	metadata, _ := body["metadata"].(map[string]any)
	for _, key := range []string{"labels", "annotations"} {
		if below, is := metadata[key].(map[string]any); is && len(below) == 0 {
			delete(metadata, key)
		}
	}
}

// documents are the parts between lines that hold three dashes and no more: in
// block scalars such lines are indented. Each keeps its last line break, which is
// part of a block scalar at its end.
func documents(text []byte) [][]byte {
	found := bytes.Split(append([]byte("\n"), text...), []byte("\n---\n"))
	for at := range found[:len(found)-1] {
		found[at] = append(bytes.Clone(found[at]), '\n')
	}
	return found
}

func idOf(body map[string]any) id {
	text := func(values map[string]any, key string) string {
		value, _ := values[key].(string)
		return value
	}
	metadata, _ := body["metadata"].(map[string]any)
	group, _, is := strings.Cut(text(body, "apiVersion"), "/")
	if !is {
		group = ""
	}
	return id{group, text(body, "kind"), text(metadata, "namespace"), text(metadata, "name")}
}
