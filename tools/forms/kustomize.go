package main

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// kubectlLimit is how long one run of kubectl may take.
const kubectlLimit = time.Minute

// kustomization is the folder that Kustomize builds for an environment.
func kustomization(project, environment string) string {
	if environment == "" {
		return filepath.Join(project, "kustomize", "base")
	}
	return filepath.Join(project, "kustomize", "overlays", environment)
}

// oneBuild keeps builds apart: Kustomize's library has tables that all share.
var oneBuild sync.Mutex

// kustomize builds with the library itself.
func kustomize(project, environment string) ([]object, error) {
	return build(kustomization(project, environment))
}

// build builds a folder.
func build(folder string) ([]object, error) {
	oneBuild.Lock()
	defer oneBuild.Unlock()
	built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), folder)
	if err != nil {
		return nil, err
	}
	text, err := built.AsYaml()
	if err != nil {
		return nil, err
	}
	return parse(folder, text)
}

// kustomizeVersion is that of the library.
func kustomizeVersion() string {
	info, _ := debug.ReadBuildInfo()
	if info != nil {
		for _, module := range info.Deps {
			if module.Path == "sigs.k8s.io/kustomize/api" {
				return "(api " + module.Version + ")"
			}
		}
	}
	return "(api of unknown version)"
}

// kubectlKustomize builds with a kubectl. Whatever that says beside the objects,
// such as that a field is deprecated, is an error.
func kubectlKustomize(path string) func(project, environment string) ([]object, error) {
	return func(project, environment string) ([]object, error) {
		folder := kustomization(project, environment)
		ctx, cancel := context.WithTimeout(context.Background(), kubectlLimit)
		defer cancel()
		var out, said bytes.Buffer
		command := exec.CommandContext(ctx, path, "kustomize", folder)
		command.Env = []string{}
		command.Stdout, command.Stderr = &out, &said
		if err := command.Run(); err != nil || said.Len() > 0 {
			return nil, fmt.Errorf("%v: %s", err, strings.TrimSpace(said.String()))
		}
		return parse(folder, out.Bytes())
	}
}
