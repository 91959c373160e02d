package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
	"go.yaml.in/yaml/v4"
)

// longest is the time that one project may take. The search for cycles of
// dependencies walks every path, so that a dense graph takes longer than
// anybody waits.
const longest = 10 * time.Second

// resolveInTime is resolve, given up when it takes too long. What was given up
// goes on in the background: the library has no way to be stopped.
func resolveInTime(j job) ([]byte, error) {
	type result struct {
		out []byte
		err error
	}
	done := make(chan result, 1)
	go func() {
		out, err := resolve(j)
		done <- result{out, err}
	}()
	select {
	case r := <-done:
		return r.out, r.err
	case <-time.After(longest):
		return nil, errTooLong
	}
}

var errTooLong = fmt.Errorf("time limit: no answer within %s", longest)

// job is one project to resolve: a folder, or explicit files.
type job struct {
	Folder   string            `json:"folder"`
	Files    []string          `json:"files"`
	Profiles []string          `json:"profiles"`
	Env      map[string]string `json:"env"`
}

// resolve loads the project as `docker compose config` does (interpolation,
// .env, env_file, extends, include, profiles, normalised, paths absolute) and
// returns what that prints as JSON: the project in its YAML form, read again.
// A panic inside the library is an error like any other.
func resolve(j job) (out []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			out, err = nil, fmt.Errorf("compose-go panicked: %v", p)
		}
	}()
	folder, err := projectFolder(j)
	if err != nil {
		return nil, err
	}
	options, err := cli.NewProjectOptions(
		j.Files,
		cli.WithWorkingDirectory(folder),
		withVariables(j.Env),
		cli.WithEnvFiles(),
		cli.WithDotEnv,
		cli.WithConfigFileEnv,
		cli.WithDefaultConfigPath,
		cli.WithDefaultProfiles(j.Profiles...),
		cli.WithDiscardEnvFile,
	)
	if err != nil {
		return nil, err
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		return nil, err
	}
	return asJSON(project)
}

func asJSON(project *types.Project) ([]byte, error) {
	text, err := project.MarshalYAML()
	if err != nil {
		return nil, err
	}
	var parsed any
	if err := yaml.Unmarshal(text, &parsed); err != nil {
		return nil, fmt.Errorf("what Compose prints cannot be read: %w", err)
	}
	return json.Marshal(parsed)
}

// projectFolder is the absolute folder of the project. A folder without a
// compose file is refused here, for Compose would climb to its parents.
func projectFolder(j job) (string, error) {
	if j.Folder != "" {
		folder, err := filepath.Abs(j.Folder)
		if err != nil {
			return "", err
		}
		if len(j.Files) == 0 && !holdsComposeFile(folder) {
			return "", errors.New("no configuration file provided: not found")
		}
		return folder, nil
	}
	if len(j.Files) == 0 {
		return "", errors.New("no configuration file provided: not found")
	}
	file, err := filepath.Abs(j.Files[0])
	return filepath.Dir(file), err
}

func holdsComposeFile(folder string) bool {
	for _, name := range cli.DefaultFileNames {
		if _, err := os.Stat(filepath.Join(folder, name)); err == nil {
			return true
		}
	}
	return false
}

func withVariables(variables map[string]string) cli.ProjectOptionsFn {
	return func(o *cli.ProjectOptions) error {
		if o.Environment == nil {
			o.Environment = types.Mapping{}
		}
		for name, value := range variables {
			o.Environment[name] = value
		}
		return nil
	}
}
