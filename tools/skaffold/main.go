// Holds files of Skaffold against Skaffold's own JSON schema.
//
//	skaffold-schema SCHEMAS FILE…
//
// SCHEMAS is the folder of schemas of the module, one for each version. A file is
// checked against that of its apiVersion.
//
// Exit codes: 0 all fit, 1 one does not, 2 wrong use.
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"sigs.k8s.io/yaml"
)

func main() {
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

func compile(schemas, version string) (*jsonschema.Schema, error) {
	if version == "" || version != filepath.Base(version) {
		return nil, fmt.Errorf("no apiVersion of Skaffold: %q", version)
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft7)
	return compiler.Compile(filepath.Join(schemas, version+".json"))
}
