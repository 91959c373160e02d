package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"

	"go.starlark.net/starlark"
	"gopkg.in/yaml.v3"
)

var isLabel = regexp.MustCompile(`^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$`)

// What of an object decides where Tilt puts it.
type object struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string `yaml:"kind"`
	Metadata   struct {
		Name      string `yaml:"name"`
		Namespace string `yaml:"namespace"`
	} `yaml:"metadata"`
	Spec yaml.Node `yaml:"spec"`
}

type pods struct {
	Metadata struct {
		Labels map[string]string `yaml:"labels"`
	} `yaml:"metadata"`
	Spec struct {
		Containers     []struct{ Image string } `yaml:"containers"`
		InitContainers []struct{ Image string } `yaml:"initContainers"`
	} `yaml:"spec"`
}

// Reads the files of k8s_yaml.
func (l *loader) yaml(value starlark.Value) error {
	paths, err := texts(value)
	if err != nil || len(paths) == 0 {
		return errors.Join(errors.New("k8s_yaml: there are no files"), err)
	}
	for _, path := range paths {
		content, err := os.ReadFile(l.at(path))
		if err != nil {
			return fmt.Errorf("k8s_yaml: %w", err)
		}
		decoder := yaml.NewDecoder(bytes.NewReader(content))
		for {
			var found object
			err := decoder.Decode(&found)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return fmt.Errorf("k8s_yaml: %s: %w", path, err)
			}
			if slices.ContainsFunc(l.objects, func(o object) bool { return o.names()[3] == found.names()[3] }) {
				return fmt.Errorf("k8s_yaml: %s stands there twice", found.names()[3])
			}
			l.objects = append(l.objects, found)
		}
	}
	return nil
}

// What an object may be called, the shortest first.
func (o object) names() []string {
	group, _, within := strings.Cut(o.APIVersion, "/")
	if !within {
		group = "core"
	}
	namespace := o.Metadata.Namespace
	if namespace == "" {
		namespace = "default"
	}
	parts := []string{o.Metadata.Name, o.Kind, namespace, group}
	names := []string{}
	for at := range parts {
		names = append(names, strings.ToLower(strings.Join(parts[:at+1], ":")))
	}
	return names
}

// The template of the pods that an object makes.
func (o object) pods() *pods {
	var spec struct {
		Template    *pods `yaml:"template"`
		JobTemplate struct {
			Spec struct {
				Template *pods `yaml:"template"`
			} `yaml:"spec"`
		} `yaml:"jobTemplate"`
	}
	if !slices.Contains([]string{"Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"}, o.Kind) || o.Spec.Decode(&spec) != nil {
		return nil
	}
	if spec.Template != nil {
		return spec.Template
	}
	return spec.JobTemplate.Spec.Template
}

// Whether one of its containers has this image, in whatever tag.
func (o object) runs(reference string) bool {
	pods := o.pods()
	if pods == nil {
		return false
	}
	for _, container := range append(pods.Spec.Containers, pods.Spec.InitContainers...) {
		rest, is := strings.CutPrefix(container.Image, reference)
		if is && (rest == "" || rest[0] == ':' || rest[0] == '@') {
			return true
		}
	}
	return false
}

// Whether it is a Service that selects these pods.
func (o object) selects(workload object) bool {
	var spec struct {
		Selector map[string]string `yaml:"selector"`
	}
	if o.Kind != "Service" || o.Spec.Decode(&spec) != nil || len(spec.Selector) == 0 {
		return false
	}
	labels := workload.pods().Metadata.Labels
	for key, value := range spec.Selector {
		if labels[key] != value {
			return false
		}
	}
	own := o.Metadata.Namespace
	return own == "" || own == "default" || own == workload.Metadata.Namespace
}
