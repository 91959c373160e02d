package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
)

// job is one project to resolve: a folder, or explicit files.
type job struct {
	Folder   string            `json:"folder"`
	Files    []string          `json:"files"`
	Profiles []string          `json:"profiles"`
	Env      map[string]string `json:"env"`
}

// resolve loads the project as `docker compose config` does (interpolation,
// .env, env_file, extends, include, profiles, normalised, paths absolute) and
// returns it as JSON. A panic inside the library is an error like any other.
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
	)
	if err != nil {
		return nil, err
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		return nil, err
	}
	return project.MarshalJSON()
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
