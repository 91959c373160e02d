package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

// place is a line in a file, for messages.
type place struct {
	file string
	line int
}

func (p place) String() string { return fmt.Sprintf("%s:%d", p.file, p.line) }

// object is one Kubernetes object as it stands in a file.
type object struct {
	place
	kind      kind
	namespace string // as written; empty when it names none
	name      string
	body      []byte   // the document's own bytes, so that the server reads what we wrote
	exclusive []string // things of which a whole cluster has one: node ports, cluster IPs
	crd       *crd     // for CustomResourceDefinitions
}

func (o object) String() string {
	if o.namespace != "" {
		return o.kind.kind + " " + o.namespace + "/" + o.name
	}
	return o.kind.kind + " " + o.name
}

// problem is a document that cannot be sent.
type problem struct {
	place
	message string
}

// contents are the objects of one folder.
type contents struct {
	folder   string
	objects  []object
	problems []problem
	skipped  int // files that are not Kubernetes objects by convention
}

// notObjects are YAML files that stand among manifests for other tools.
var notObjects = map[string]bool{"kustomization.yaml": true, "kustomization.yml": true, "skaffold.yaml": true, "skaffold.yml": true}

// readFolder reads all objects in the YAML files below the folder. The
// folder's own `input` (a test case's source), its `charts`, its `argocd` (which may say
// again what charts say, and is checked apart) and the files of other tools are skipped
// and counted.
func readFolder(folder string) (contents, error) {
	found := contents{folder: folder}
	info, err := os.Stat(folder)
	if err != nil {
		return found, err
	}
	if !info.IsDir() {
		return found, fmt.Errorf("%s is not a folder", folder)
	}
	input := filepath.Join(folder, "input") + string(filepath.Separator)
	charts := filepath.Join(folder, "charts") + string(filepath.Separator)
	argocd := filepath.Join(folder, "argocd") + string(filepath.Separator)
	err = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !isYAML(path) {
			return err
		}
		if strings.HasPrefix(path, input) || strings.HasPrefix(path, charts) || strings.HasPrefix(path, argocd) || notObjects[filepath.Base(path)] || !isRegular(path) {
			found.skipped++
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		found.addFile(path, text)
		return nil
	})
	found.dropRepeated()
	return found, err
}

// isRegular tells files, also behind links, from what would be waited for: a
// pipe that nobody writes to has no end.
func isRegular(path string) bool {
	info, err := os.Stat(path)
	return err != nil || info.Mode().IsRegular()
}

// dropRepeated makes a problem of each object that stands twice: the second
// apply would quietly overwrite the first.
func (c *contents) dropRepeated() {
	type identity struct {
		kind            kind
		namespace, name string
	}
	seen := map[identity]place{}
	c.objects = slices.DeleteFunc(c.objects, func(o object) bool {
		id := identity{o.kind, o.namespace, o.name}
		first, repeated := seen[id]
		if repeated {
			c.problems = append(c.problems, problem{o.place, fmt.Sprintf(
				"%s stands at %s already (folders that are deployed apart are checked apart: name each)", o, first)})
		} else {
			seen[id] = o.place
		}
		return repeated
	})
}

func isYAML(path string) bool {
	return strings.HasSuffix(path, ".yaml") || strings.HasSuffix(path, ".yml")
}

func (c *contents) addFile(path string, text []byte) {
	for _, d := range splitDocuments(text) {
		where := place{path, d.line}
		objects, err := parseDocument(where, d.text)
		if err != nil {
			c.problems = append(c.problems, problem{where, err.Error()})
		}
		c.objects = append(c.objects, objects...)
	}
}

// document is one part of a YAML stream and the line of its first key.
type document struct {
	text []byte
	line int
}

// splitDocuments cuts a stream at lines that begin a document, as kubectl
// does, and drops documents of blank lines and comments only.
func splitDocuments(text []byte) []document {
	var found []document
	var current document
	flush := func() {
		if current.line > 0 {
			found = append(found, current)
		}
		current = document{}
	}
	for i, line := range bytes.SplitAfter(text, []byte("\n")) {
		if marker := bytes.TrimRight(line, " \t\r\n"); string(marker) == "---" || bytes.HasPrefix(line, []byte("--- ")) {
			flush()
			line = bytes.TrimPrefix(line, []byte("---"))
		}
		content := bytes.TrimSpace(line)
		if current.line == 0 && len(content) > 0 && content[0] != '#' {
			current.line = i + 1
		}
		current.text = append(current.text, line...)
	}
	flush()
	return found
}

// header is what the rig must know of an object to send it.
type header struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Metadata   struct {
		Name      string `json:"name"`
		Namespace string `json:"namespace"`
	} `json:"metadata"`
	Items json.RawMessage `json:"items"`
}

func parseDocument(where place, text []byte) ([]object, error) {
	asJSON, err := yaml.YAMLToJSONStrict(text)
	if err != nil {
		return nil, err
	}
	return objectsFrom(where, text, asJSON)
}

// objectsFrom makes one object of a document, or many of a List.
func objectsFrom(where place, body, asJSON []byte) ([]object, error) {
	var h header
	if err := yaml.Unmarshal(asJSON, &h); err != nil {
		return nil, err
	}
	if h.APIVersion == "" || h.Kind == "" {
		return nil, errors.New("not a Kubernetes object: it has no apiVersion or no kind")
	}
	if h.Kind == "List" && h.APIVersion == "v1" {
		return objectsFromList(where, h.Items)
	}
	switch name := h.Metadata.Name; {
	case name == "":
		return nil, fmt.Errorf("%s has no metadata.name", h.Kind)
	case name == "." || name == ".." || strings.ContainsAny(name, "/%"):
		return nil, fmt.Errorf("%s: the name %q cannot be a path segment", h.Kind, name)
	}
	o := object{
		place:     where,
		kind:      kind{h.APIVersion, h.Kind},
		namespace: h.Metadata.Namespace,
		name:      h.Metadata.Name,
		body:      body,
		exclusive: exclusives(h.Kind, asJSON),
	}
	if h.Kind == "CustomResourceDefinition" {
		if definition, err := crdFromJSON(asJSON); err == nil {
			o.crd = &definition
		}
	}
	return []object{o}, nil
}

func objectsFromList(where place, list json.RawMessage) ([]object, error) {
	var items []json.RawMessage
	if err := json.Unmarshal(list, &items); err != nil {
		return nil, fmt.Errorf("a List whose items are no list: %w", err)
	}
	var objects []object
	for i, item := range items {
		more, err := objectsFrom(where, item, item)
		if err != nil {
			return objects, fmt.Errorf("item %d of a List: %w", i, err)
		}
		objects = append(objects, more...)
	}
	return objects, nil
}

// exclusives are the node ports and cluster IPs that a Service asks for.
func exclusives(kind string, asJSON []byte) []string {
	if kind != "Service" {
		return nil
	}
	var service struct {
		Spec struct {
			ClusterIP           string
			HealthCheckNodePort int
			Ports               []struct{ NodePort int }
		}
	}
	if json.Unmarshal(asJSON, &service) != nil {
		return nil // a wrong type: the server will say so
	}
	var found []string
	if ip := service.Spec.ClusterIP; ip != "" && ip != "None" {
		found = append(found, "cluster IP "+ip)
	}
	for _, port := range service.Spec.Ports {
		if port.NodePort != 0 {
			found = append(found, fmt.Sprintf("node port %d", port.NodePort))
		}
	}
	if port := service.Spec.HealthCheckNodePort; port != 0 {
		found = append(found, fmt.Sprintf("node port %d", port))
	}
	return found
}
