package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"sync"

	"sigs.k8s.io/yaml"
)

const crdsPath = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"

// crd is one CustomResourceDefinition ready to be sent.
type crd struct {
	name  string
	json  []byte
	kinds []kind // the served versions
}

// readCRDs reads every CustomResourceDefinition in the YAML files below the
// folder; other kinds that lie beside them are left out.
func readCRDs(folder string) ([]crd, error) {
	var documents [][]byte
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !isYAML(path) || !isRegular(path) {
			return err
		}
		text, err := os.ReadFile(path)
		for _, d := range splitDocuments(text) {
			if bytes.Contains(d.text, []byte("kind: CustomResourceDefinition")) {
				documents = append(documents, d.text)
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	crds := make([]crd, len(documents))
	failures := make([]error, len(documents))
	inParallel(len(documents), func(i int) { crds[i], failures[i] = parseCRD(documents[i]) })
	for _, err := range failures {
		if err != nil {
			return nil, err
		}
	}
	if len(crds) == 0 {
		return nil, fmt.Errorf("no CRDs below %s", folder)
	}
	return crds, nil
}

func parseCRD(document []byte) (crd, error) {
	text, err := yaml.YAMLToJSON(document)
	if err != nil {
		return crd{}, err
	}
	return crdFromJSON(text)
}

func crdFromJSON(text []byte) (crd, error) {
	var definition struct {
		Metadata struct{ Name string }
		Spec     struct {
			Group    string
			Names    struct{ Kind string }
			Versions []struct {
				Name   string
				Served bool
			}
		}
	}
	if err := json.Unmarshal(text, &definition); err != nil {
		return crd{}, err
	}
	c := crd{name: definition.Metadata.Name, json: text}
	for _, v := range definition.Spec.Versions {
		if v.Served {
			c.kinds = append(c.kinds, kind{definition.Spec.Group + "/" + v.Name, definition.Spec.Names.Kind})
		}
	}
	return c, nil
}

// install creates the CRDs and waits until their kinds are served, which is
// when they are Established.
func (c *client) install(ctx context.Context, crds []crd) error {
	failures := make([]error, len(crds))
	var kinds []kind
	for _, crd := range crds {
		kinds = append(kinds, crd.kinds...)
	}
	inParallel(len(crds), func(i int) {
		got, err := c.send(ctx, http.MethodPost, crdsPath, typeJSON, crds[i].json)
		if err == nil && !got.accepted() && got.status != http.StatusConflict {
			err = fmt.Errorf("CRD %s: %s", crds[i].name, got.message())
		}
		failures[i] = err
	})
	for _, err := range failures {
		if err != nil {
			return err
		}
	}
	_, err := c.await(ctx, kinds)
	return err
}

// inParallel calls do for 0…count-1, `concurrency` at a time.
func inParallel(count int, do func(int)) {
	var all sync.WaitGroup
	turns := make(chan struct{}, concurrency)
	for i := range count {
		turns <- struct{}{}
		all.Go(func() {
			defer func() { <-turns }()
			do(i)
		})
	}
	all.Wait()
}
