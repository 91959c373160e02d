// Holds files of Skaffold against Skaffold's own JSON schema.
//
//	skaffold-schema SCHEMAS FILE…
//	skaffold-schema --same FOLDER FILE
//
// SCHEMAS is the folder of schemas of the module, one for each version. A file is
// checked against that of its apiVersion. With --same the objects in FOLDER have to
// be those in FILE, what Skaffold renders: the same in number, and each the same as
// a parsed object.
//
// Exit codes: 0 all fit, 1 one does not, 2 wrong use.
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"sigs.k8s.io/yaml"
)

func main() {
	if len(os.Args) == 4 && os.Args[1] == "--same" {
		if err := same(os.Args[2], os.Args[3]); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		return
	}
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: skaffold-schema SCHEMAS FILE…")
		os.Exit(2)
	}
	failed := 0
	for _, file := range os.Args[2:] {
		if err := check(os.Args[1], file); err != nil {
			fmt.Printf("%s: %v\n", file, err)
			failed++
		}
	}
	fmt.Printf("Skaffold's schema: %d passed, %d failed\n", len(os.Args)-2-failed, failed)
	if failed > 0 {
		os.Exit(1)
	}
}

func check(schemas, file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	document, err := yaml.YAMLToJSONStrict(text)
	if err != nil {
		return err
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		return err
	}
	mapping, _ := value.(map[string]any)
	version, _ := mapping["apiVersion"].(string)
	schema, err := compile(schemas, strings.TrimPrefix(version, "skaffold/"))
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

// Whether the objects of a folder are those of a file.
func same(folder, file string) error {
	files, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil {
		return err
	}
	ours, err := objects(files)
	if err != nil {
		return err
	}
	theirs, err := objects([]string{file})
	if err != nil {
		return err
	}
	if len(ours) == 0 || len(ours) != len(theirs) {
		return fmt.Errorf("%d objects in %s, and %d in %s", len(ours), folder, len(theirs), file)
	}
	for name, object := range ours {
		if !reflect.DeepEqual(object, theirs[name]) {
			return fmt.Errorf("%s differs: %v, and %v", name, object, theirs[name])
		}
	}
	return nil
}

// The objects of files, each by its kind, namespace and name.
func objects(files []string) (map[string]any, error) {
	all := map[string]any{}
	for _, file := range files {
		if filepath.Base(file) == "kustomization.yaml" {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		for _, document := range strings.Split("\n"+string(text), "\n---") {
			var object map[string]any
			if err := yaml.Unmarshal([]byte(document), &object); err != nil {
				return nil, err
			}
			if object == nil {
				continue
			}
			metadata, _ := object["metadata"].(map[string]any)
			name := fmt.Sprint(object["kind"], " ", metadata["namespace"], " ", metadata["name"])
			if all[name] != nil {
				return nil, fmt.Errorf("%s: %s stands there twice", file, name)
			}
			all[name] = object
		}
	}
	return all, nil
}

func compile(schemas, version string) (*jsonschema.Schema, error) {
	if version == "" || version != filepath.Base(version) {
		return nil, fmt.Errorf("no apiVersion of Skaffold: %q", version)
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft7)
	return compiler.Compile(filepath.Join(schemas, version+".json"))
}
