package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	chart3 "helm.sh/helm/v3/pkg/chart"
	loader3 "helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
)

// schema is what a chart says of a value.
type schema struct {
	Type                 any                `json:"type"`
	Properties           map[string]*schema `json:"properties"`
	AdditionalProperties any                `json:"additionalProperties"`
	Enum                 []any              `json:"enum"`
}

// isBranch says whether the keys below are values of their own.
func (s *schema) isBranch(path []string) bool {
	closed, is := s.AdditionalProperties.(bool)
	isResources := len(path) == 2 && path[1] == "resources"
	return is && !closed && !isResources
}

// refusesTexts says whether a value is no text, or one of some words.
func (s *schema) refusesTexts() bool {
	types := fmt.Sprint(s.Type)
	isPlain := !strings.Contains(types, "string") && !strings.Contains(types, "object")
	return len(s.Enum) > 0 || s.Type != nil && isPlain
}

// field is a rule: which values, by their paths, may change which fields.
type field struct {
	value   *regexp.Regexp
	changes *regexp.Regexp
}

func rule(value, changes string) field {
	return field{regexp.MustCompile("^(?:" + value + ")$"), regexp.MustCompile(changes)}
}

// hash stands in what depends on configuration.
const hash = `|annotations\.kubewright\.dev/config-hash$`

// rules says what the name of a value promises; the first that fits counts. Names of
// fields begin with the kind of their object.
var rules = []field{
	rule(`nameOverride`, `.`),
	rule(`namespace\.create`, `^Namespace$`),
	rule(`namespace\.named`, `^[A-Za-z]+$`),
	rule(`global\.imageRegistry`, `\.image$`),
	rule(`global\.imagePullSecrets`, `\.imagePullSecrets`),
	rule(`global\.ingress\.enabled`, `^Ingress$`),
	rule(`global\.ingress\.className`, `^Ingress\.spec\.ingressClassName$`),
	rule(`.*\.ingress\.hosts?\d*(\..*)?`, `^Ingress\.spec\.(rules|tls)\[\d+\]\.host`),
	rule(`.*\.(ingress|service)\.annotations\d*(\..*)?`, `^(Ingress|Service)\.metadata\.annotations`),
	rule(`.*\.service\.type`, `^Service\.spec\.type$`),
	rule(`[^.]+\.image\.tag`, `\.image$|labels\.app\.kubernetes\.io/version$`),
	rule(`[^.]+\.image\.pullPolicy`, `\.imagePullPolicy$`),
	rule(`[^.]+\.image\.[^.]+`, `\.image$`),
	rule(`[^.]+\.replicas`, `\.spec\.replicas$`),
	rule(`[^.]+\.(resources|nodeSelector|tolerations|affinity)`, `\.(resources|nodeSelector|tolerations|affinity)`),
	rule(`[^.]+\.podAnnotations`, `template\.metadata\.annotations`),
	rule(`[^.]+\.env\..*`, `^ConfigMap\.data\.|\.env\..*$`+hash),
	rule(`[^.]+\.extraEnv`, `\.env(\..*)?$`),
	rule(`[^.]+\.(secretFiles\..*\.)?existingSecret`, `^Secret$|\.(secretName|secretKeyRef\.name|secretRef\.name|secret\.name|name)$`+hash),
	rule(`[^.]+\.secrets\..*|[^.]+\.secretFiles\..*`, `^Secret\.(stringData|data)\.`+hash),
	rule(`[^.]+\.autoscaling\.enabled`, `^HorizontalPodAutoscaler$`),
	rule(`[^.]+\.autoscaling\..*`, `^HorizontalPodAutoscaler\.spec\.`),
	rule(`[^.]+\.persistence\..*\.size`, `\.resources\.requests\.storage$`),
	rule(`[^.]+\.persistence\..*\.storageClass`, `\.storageClassName$`),
	rule(`.*[cC]onfig\.enabled`, `^ConfigMap$|\.env(\..*)?$`+hash),
	rule(`.*\.enabled`, `^[A-Za-z]+$`+hash),
}

// valueOf is the value at a path.
func valueOf(values map[string]any, path []string) any {
	var at any = values
	for _, key := range path {
		below, is := at.(map[string]any)
		if !is {
			return nil
		}
		at = below[key]
	}
	return at
}

// set gives values with another one at a path.
func set(values map[string]any, path []string, value any) map[string]any {
	changed := map[string]any{}
	for key, old := range values {
		changed[key] = old
	}
	if len(path) == 1 {
		changed[path[0]] = value
		return changed
	}
	below, _ := values[path[0]].(map[string]any)
	changed[path[0]] = set(below, path[1:], value)
	return changed
}

// another is a value of the same type.
func another(path []string, value any, schema *schema) any {
	if path[len(path)-1] == "resources" {
		return map[string]any{"limits": map[string]any{"cpu": "7777m"}}
	}
	for _, word := range schema.Enum {
		if word != nil && word != value {
			return word
		}
	}
	switch value := value.(type) {
	case string:
		if strings.Contains(strings.Join(path, "."), ".secretFiles.") {
			return "Y2hhbmdlZA=="
		}
		return "changed"
	case bool:
		return !value
	case float64:
		return value + 1
	case int64:
		return value + 1
	case []any:
		return append(slices.Clone(value), map[string]any{"name": "changed"})
	case map[string]any:
		changed := map[string]any{"changed": "changed"}
		for key, old := range value {
			changed[key] = old
		}
		return changed
	}
	types := fmt.Sprint(schema.Type)
	switch {
	case strings.Contains(types, "string"):
		return "changed"
	case strings.Contains(types, "integer"), strings.Contains(types, "number"):
		return float64(7)
	case strings.Contains(types, "boolean"):
		return true
	case strings.Contains(types, "array"):
		return []any{map[string]any{"name": "changed"}}
	case strings.Contains(types, "object"):
		return map[string]any{"name": "changed"}
	}
	return float64(7)
}

// changed are the fields in which objects differ: `Deployment.spec.replicas`, and the
// kind alone of those that one side only has.
func changed(before, after []object) []string {
	found := map[string]bool{}
	others := map[id]object{}
	for _, object := range after {
		others[object.id] = object
	}
	for _, object := range before {
		other, is := others[object.id]
		if !is {
			found[object.kind] = true
			continue
		}
		delete(others, object.id)
		walk("", named("", object.body), named("", other.body), func(path string, _, _ any) {
			found[object.kind+path] = true
		})
	}
	for id := range others {
		found[id.kind] = true
	}
	return sorted(found)
}

// named is a tree with variables by their names: one more moves no others.
func named(key string, tree any) any {
	switch tree := tree.(type) {
	case map[string]any:
		found := map[string]any{}
		for key, below := range tree {
			found[key] = named(key, below)
		}
		return found
	case []any:
		variables := map[string]any{}
		items := make([]any, len(tree))
		for at, item := range tree {
			items[at] = named("", item)
			if variable, is := item.(map[string]any); is {
				variables[fmt.Sprint(variable["name"])] = variable
			}
		}
		if key == "env" && len(variables) == len(tree) {
			return variables
		}
		return items
	}
	return tree
}

// variable is the one that an app's value is: `web.env.NAME`.
func variable(value string) string {
	keys := strings.SplitN(value, ".", 3)
	if len(keys) < 3 || keys[1] != "env" {
		return ""
	}
	return keys[2]
}

// reaches says whether a container has a variable, or may have it with all of a ConfigMap.
func reaches(name string, objects []object) bool {
	found := false
	for _, object := range objects {
		visitMaps(object.body, func(body map[string]any) {
			found = found || body["configMapRef"] != nil
			variables, _ := body["env"].([]any)
			for _, one := range variables {
				one, _ := one.(map[string]any)
				known := fmt.Sprint(one["name"])
				found = found || strings.HasPrefix(name, known)
			}
		})
	}
	return found
}

var listOfVariables = regexp.MustCompile(`"env": \{\s*"type": \[?\s*"(null|array)`)

// isOfContainer says whether a schema has a value for the whole of a variable; such values
// have names without signs.
func isOfContainer(schema, variable string) bool {
	// Where some environment has no variables, all of them are one value.
	if listOfVariables.MatchString(schema) {
		return true
	}
	name := regexp.MustCompile(`[^A-Za-z0-9]+`).ReplaceAllString(variable, "")
	return name != variable && strings.Contains(strings.ToLower(schema), strings.ToLower(`"`+name+`": {`))
}

// visitMaps calls see for each mapping of a tree.
func visitMaps(tree any, see func(map[string]any)) {
	switch tree := tree.(type) {
	case map[string]any:
		see(tree)
		for _, below := range tree {
			visitMaps(below, see)
		}
	case []any:
		for _, below := range tree {
			visitMaps(below, see)
		}
	}
}

// checkValues holds each value of a chart to what its name says, and the schema to
// refusing what is misspelt.
func checkValues(project string) (said []string, values int) {
	folder, err := chartOf(project)
	if err != nil {
		return nil, 0
	}
	fail := func(format string, values ...any) {
		said = append(said, folder+": "+fmt.Sprintf(format, values...))
	}
	chart, err := loader3.LoadDir(folder)
	if err != nil {
		fail("%v", err)
		return said, 0
	}
	text, err := os.ReadFile(filepath.Join(folder, "values.schema.json"))
	var root schema
	if err == nil {
		err = json.Unmarshal(text, &root)
	}
	if err != nil {
		fail("%v", err)
		return said, 0
	}
	all, err := releases(folder)
	if err != nil {
		fail("%v", err)
		return said, 0
	}
	var bases [][]object
	for at := range all {
		all[at].values = laidOver(chart, all[at].values)
		// What is said of the Namespace shows where it is made only.
		makeNamespace(folder, all[at].values)
		base, err := objectsWith(chart, all[at])
		if err != nil {
			fail("%v", err)
			return said, 0
		}
		bases = append(bases, base)
	}
	var visit func(path []string, schema *schema)
	visit = func(path []string, schema *schema) {
		if len(path) == 0 || schema.isBranch(path) {
			wrong := all[0]
			wrong.values = set(wrong.values, append(slices.Clone(path), "misspelt"), "x")
			if _, err := objectsWith(chart, wrong); err == nil {
				fail("a misspelt key below %q is not refused", strings.Join(path, "."))
			}
			for key, below := range schema.Properties {
				visit(append(slices.Clone(path), key), below)
			}
			return
		}
		values++
		name := strings.Join(path, ".")
		if schema.refusesTexts() {
			wrong := all[0]
			wrong.values = set(wrong.values, path, "no such word")
			if _, err := objectsWith(chart, wrong); err == nil {
				fail("%s takes a text that means nothing", name)
			}
		}
		effect := false
		for at, release := range all {
			if effect {
				break
			}
			release.values = set(release.values, path, another(path, valueOf(release.values, path), schema))
			after, err := objectsWith(chart, release)
			if err != nil {
				// A Secret that an environment does not have asks for its values.
				if !strings.HasSuffix(name, ".enabled") || !strings.Contains(err.Error(), "or name a Secret that has") {
					fail("%s: %v", name, err)
				}
				effect = true
				continue
			}
			if repeats(after) {
				// What another environment has instead is there already.
				effect = true
				continue
			}
			fields := changed(bases[at], after)
			effect = effect || len(fields) > 0
			if name == "nameOverride" {
				known := map[id]bool{}
				for _, object := range bases[at] {
					known[object.id] = object.kind != "Namespace"
				}
				for _, object := range after {
					if known[object.id] {
						fail("two releases meet in %s", object.id)
					}
				}
			}
			if of := variable(name); of != "" && len(fields) > 0 && !reaches(of, after) {
				// A ConfigMap can be there for others, and a variable that each environment
				// gives in another way is a value of the container.
				isUsed := slices.ContainsFunc(bases, func(base []object) bool { return reaches(of, base) })
				if isUsed && !isOfContainer(string(text), of) {
					fail("%s reaches no container", name)
				}
			}
			for _, field := range fields {
				if !promises(name, field) {
					fail("%s changes %s", name, field)
				}
			}
		}
		if !effect {
			fail("%s changes nothing", name)
		}
	}
	visit(nil, &root)
	return said, values
}

// repeats says whether two objects are one.
func repeats(objects []object) bool {
	known := map[id]bool{}
	for _, object := range objects {
		if known[object.id] {
			return true
		}
		known[object.id] = true
	}
	return false
}

// promises says whether the name of a value promises to change a field.
func promises(name, changed string) bool {
	// Where a number had to tell values of one name apart, it stands at the end.
	if _, of, is := strings.Cut(changed, ".env."); is && variable(name) != "" {
		of, _, _ = strings.Cut(of, ".")
		if !strings.HasPrefix(variable(name), of) {
			return false
		}
	}
	for _, rule := range rules {
		if rule.value.MatchString(name) {
			return rule.changes.MatchString(changed)
		}
	}
	// Any other value has the name of its place: `web.deployment.dnsPolicy`.
	keys := strings.Split(name, ".")
	return len(keys) > 2 && strings.Contains(changed, keys[2])
}

// laidOver lays values over those of a chart, as Helm does.
func laidOver(chart *chart3.Chart, values map[string]any) map[string]any {
	all, err := chartutil.CoalesceValues(chart, values)
	if err != nil {
		return values
	}
	return all
}

func objectsWith(chart *chart3.Chart, release release) ([]object, error) {
	rendered, err := render3(chart, release)
	if err != nil {
		return nil, err
	}
	return objectsOf(rendered)
}
