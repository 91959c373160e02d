package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const manifests = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{image: "acme/web:1"}]}}}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: web}
spec: {jobTemplate: {spec: {template: {spec: {containers: [{image: busybox}]}}}}}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: web}
---
apiVersion: v1
kind: Namespace
metadata: {name: acme}
`

func run(t *testing.T, tiltfile, environment string) ([]string, error) {
	folder := t.TempDir()
	for name, content := range map[string]string{"all.yaml": manifests, "Tiltfile": tiltfile} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return load(folder, environment)
}

func TestWhatIsRightIsTaken(t *testing.T) {
	lines, err := run(t, `
config.define_string('env', usage='one')
if config.parse().get('env', 'a') == 'a':
    fail('not this one')
k8s_yaml(['all.yaml'])
docker_build('acme/web', 'web', live_update=[fall_back_on(['web/p']), sync('web/src', '/app'), run('x', trigger=['web/src'])])
k8s_resource('web:deployment', objects=['web:configmap'], port_forwards=['80:80'], labels=['apps'])
k8s_resource('web:cronjob', resource_deps=['web:deployment'], pod_readiness='ignore')
`, "b")
	if err != nil {
		t.Fatal(err)
	}
	expected := []string{
		"web:deployment: web:configmap web:deployment web:service, at 80:80",
		"web:cronjob: web:cronjob, after web:deployment",
		"uncategorized: acme:namespace",
	}
	if strings.Join(lines, "\n") != strings.Join(expected, "\n") {
		t.Errorf("%q", lines)
	}
}

func TestWhatIsWrongIsRefused(t *testing.T) {
	rows := map[string]string{
		"k8s_yaml('all.yaml'":    "got end of file",
		"nothing('x')":           "undefined: nothing",
		"os.nothing('x')":        "no .nothing",
		"fail('because')":        "because",
		"k8s_yaml()":             "the parameter yaml is missing",
		"k8s_yaml('none.yaml')":  "none.yaml",
		"k8s_resource(wrong='')": "there is no parameter wrong",
		"sync('a', '/a', '/b')":  "3 arguments",
		"sync('a', 'b')":         "no path in a container",
		"k8s_yaml(['all.yaml'])\nk8s_yaml(['all.yaml'])":                                                                                 "twice",
		"k8s_yaml('all.yaml')\nk8s_resource('web')":                                                                                      "there is no workload web",
		"k8s_yaml('all.yaml')\nk8s_resource('web:deployment', objects=['web'])":                                                          "the name of 4 objects",
		"k8s_yaml('all.yaml')\nk8s_resource('web:deployment', objects=['web:service'])":                                                  "already",
		"k8s_yaml('all.yaml')\nk8s_resource('web:deployment', resource_deps=['db'])":                                                     "no resource db",
		"k8s_yaml('all.yaml')\nk8s_resource('web:deployment', resource_deps=['web:deployment'])":                                         "waits for itself",
		"k8s_yaml('all.yaml')\nk8s_resource('web:deployment', port_forwards=['80:80'])\nk8s_resource('web:cronjob', port_forwards='80')": "port 80",
		"k8s_yaml('all.yaml')\nk8s_resource('web:deployment', labels=['a/b'])":                                                           "no label",
		"k8s_yaml('all.yaml')\ndocker_build('acme/we', 'web')":                                                                           "no object runs",
		"k8s_yaml('all.yaml')\ndocker_build('acme/web', 'web', live_update=[sync('x', '/x')])":                                           "does not lie in",
		"k8s_yaml('all.yaml')\ndocker_build('acme/web', '.', live_update=[sync('x', '/x'), fall_back_on('y')])":                          "stands behind",
		"k8s_yaml('all.yaml')\ndocker_build('acme/web', '.', build_args={'a': 1})":                                                       "is no text",
	}
	for tiltfile, expected := range rows {
		_, err := run(t, tiltfile+"\n", "")
		if err == nil || !strings.Contains(err.Error(), expected) {
			t.Errorf("%s: %v", tiltfile, err)
		}
	}
}
