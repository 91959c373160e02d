package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// put writes the files of a project.
func put(t *testing.T, files map[string]string) string {
	t.Helper()
	project := t.TempDir()
	for name, text := range files {
		file := filepath.Join(project, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return project
}

const application = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop-web}
spec:
  project: shop
  source: {repoURL: git, path: deploy/manifests, directory: {include: "{web.yaml,more.yaml}"}}
  destination: {server: here, namespace: shop}
`

const appProject = `apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: shop}
spec:
  sourceRepos: [git]
  destinations: [{server: here, namespace: shop}]
  clusterResourceWhitelist: [{group: "", kind: Namespace}]
`

func files() map[string]string {
	object := func(kind, name string) string {
		return "apiVersion: v1\nkind: " + kind + "\nmetadata: {name: " + name + "}\n"
	}
	return map[string]string{
		"manifests/web.yaml":        object("Service", "web"),
		"manifests/more.yaml":       object("Namespace", "shop"),
		"manifests/other.yaml":      object("Service", "other"),
		"argocd/project.yaml":       appProject,
		"argocd/web.yaml":           application,
		"argocd/root.yaml":          strings.Replace(application, "deploy/manifests, directory: {include: \"{web.yaml,more.yaml}\"}", "deploy/argocd", 1),
		"argocd/kustomization.yaml": "resources: [project.yaml, web.yaml]\n",
	}
}

func TestApplicationsBringTheirFiles(t *testing.T) {
	brought, err := argocd(put(t, files()), "")
	if err != nil || len(brought) != 2 {
		t.Fatalf("%v, %v", brought, err)
	}
}

func TestWhatIsNotAllowedIsNotBrought(t *testing.T) {
	rows := []struct{ before, after, says string }{
		{"sourceRepos: [git]", "sourceRepos: [other]", "repository"},
		{"namespace: shop}]", "namespace: blog}]", "namespace shop"},
		{"kind: Namespace}]", "kind: StorageClass}]", "Namespace shop"},
		{"metadata: {name: shop}", "metadata: {name: blog}", "AppProject"},
	}
	for _, row := range rows {
		files := files()
		files["argocd/project.yaml"] = strings.Replace(appProject, row.before, row.after, 1)
		_, err := argocd(put(t, files), "")
		if err == nil || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%s: %v", row.after, err)
		}
	}
}

const applicationSet = `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: shop}
spec:
  goTemplate: true
  goTemplateOptions: [missingkey=error]
  generators:
    - list:
        elements:
          - {name: a, cluster: "", server: "{{ .x }}"}
          - {name: b, cluster: east, server: "", ignore: [{kind: Deployment}]}
  template:
    metadata: {name: "shop-{{ .name }}"}
    spec: {destination: {name: "{{ .cluster }}", server: "{{ .server }}"}}
  templatePatch: |
    {{- if hasKey . "ignore" }}
    spec: {ignoreDifferences: {{ toJson .ignore }}}
    {{- end }}
`

const filled = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop-a}
spec: {destination: {server: "{{ .x }}"}}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop-b}
spec: {destination: {name: east}, ignoreDifferences: [{kind: Deployment}]}
`

func TestTemplatesAreFilledIn(t *testing.T) {
	found, err := withSets(read(t, applicationSet))
	if err != nil {
		t.Fatal(err)
	}
	if found := differences(read(t, filled), found); len(found) > 0 {
		t.Error(found)
	}
	missing := strings.Replace(applicationSet, "{name: a, cluster: \"\", ", "{name: a, ", 1)
	if _, err := withSets(read(t, missing)); err == nil {
		t.Error("a key that is not there is passed over")
	}
}
