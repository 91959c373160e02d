// Reads a JSON list of YAML texts; writes, for each, a list of what the readers
// of kubectl and Docker Compose make of it.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	v3 "go.yaml.in/yaml/v3"
	"sigs.k8s.io/yaml"
)

func main() {
	var texts []string
	if err := json.NewDecoder(os.Stdin).Decode(&texts); err != nil {
		fail("input", err)
	}
	readings := make([][]json.RawMessage, 0, len(texts))
	for _, text := range texts {
		kubectl, err := yaml.YAMLToJSON([]byte(text))
		if err != nil {
			fail(text, err)
		}
		var value any
		if err := v3.Unmarshal([]byte(text), &value); err != nil {
			fail(text, err)
		}
		compose, err := json.Marshal(value)
		if err != nil {
			fail(text, err)
		}
		readings = append(readings, []json.RawMessage{kubectl, compose})
	}
	if err := json.NewEncoder(os.Stdout).Encode(readings); err != nil {
		fail("output", err)
	}
}

func fail(what string, err error) {
	fmt.Fprintf(os.Stderr, "%v in:\n%s\n", err, what)
	os.Exit(1)
}
