package main

import (
	"fmt"
	"slices"
	"strings"
)

// What Tilt shows and updates as one.
type resource struct {
	name     string
	objects  []object
	needs    []string
	forwards []string
}

func (r resource) String() string {
	names := []string{}
	for _, object := range r.objects {
		names = append(names, object.names()[1])
	}
	slices.Sort(names)
	line := fmt.Sprintf("%s: %s", r.name, strings.Join(names, " "))
	if len(r.needs) > 0 {
		line += ", after " + strings.Join(r.needs, " ")
	}
	if len(r.forwards) > 0 {
		line += ", at " + strings.Join(r.forwards, " ")
	}
	return line
}

// The resources, as Tilt puts them together: workloads with the Services that
// select their pods, then what k8s_resource says.
func (l *loader) assemble() ([]string, error) {
	resources, rest := l.byWorkload()
	for _, told := range l.told {
		if told.workload == "" {
			if told.newName == "" || len(told.holds) == 0 {
				return nil, fmt.Errorf("k8s_resource: neither a workload nor objects with a name")
			}
			if find(resources, told.newName) != nil {
				return nil, fmt.Errorf("k8s_resource: there is a resource %s already", told.newName)
			}
			resources = append(resources, &resource{name: told.newName})
			told.workload = told.newName
		}
		resource := find(resources, told.workload)
		if resource == nil {
			return nil, fmt.Errorf("k8s_resource: there is no workload %s", told.workload)
		}
		resource.needs = append(resource.needs, told.needs...)
		resource.forwards = append(resource.forwards, told.forwards...)
		for _, fragment := range told.holds {
			if err := l.isOne(fragment); err != nil {
				return nil, err
			}
			at := slices.IndexFunc(rest, func(o object) bool { return slices.Contains(o.names()[:3], strings.ToLower(fragment)) })
			if at < 0 {
				return nil, fmt.Errorf("k8s_resource %s: %s belongs to a resource already", told.workload, fragment)
			}
			resource.objects = append(resource.objects, rest[at])
			rest = slices.Delete(rest, at, at+1)
		}
	}
	if len(rest) > 0 {
		resources = append(resources, &resource{name: "uncategorized", objects: rest})
	}
	lines := []string{}
	for _, resource := range resources {
		lines = append(lines, resource.String())
	}
	return lines, checkAll(resources)
}

func (l *loader) byWorkload() (resources []*resource, rest []object) {
	wanted := map[string]int{}
	workloads := []object{}
	for _, object := range l.objects {
		if object.pods() == nil {
			rest = append(rest, object)
			continue
		}
		workloads = append(workloads, object)
		for _, name := range object.names() {
			wanted[name]++
		}
	}
	for _, workload := range workloads {
		names := workload.names()
		at := slices.IndexFunc(names, func(name string) bool { return wanted[name] == 1 })
		found := &resource{name: names[max(at, 0)], objects: []object{workload}}
		left := []object{}
		for _, object := range rest {
			if object.selects(workload) {
				found.objects = append(found.objects, object)
			} else {
				left = append(left, object)
			}
		}
		resources, rest = append(resources, found), left
	}
	return resources, rest
}

func find(resources []*resource, name string) *resource {
	at := slices.IndexFunc(resources, func(r *resource) bool { return r.name == name })
	if at < 0 {
		return nil
	}
	return resources[at]
}

// Whether a fragment of a name is of one object only.
func (l *loader) isOne(fragment string) error {
	count := 0
	for _, object := range l.objects {
		if slices.Contains(object.names(), strings.ToLower(fragment)) {
			count++
		}
	}
	if count != 1 {
		return fmt.Errorf("k8s_resource: %s is the name of %d objects", fragment, count)
	}
	return nil
}

// Ports are given once, and what is needed is there and never needs what needs it.
func checkAll(resources []*resource) error {
	taken := map[string]string{}
	for _, resource := range resources {
		for _, forward := range resource.forwards {
			local, _, _ := strings.Cut(forward, ":")
			if other, is := taken[local]; is {
				return fmt.Errorf("k8s_resource: port %s is of %s and %s", local, other, resource.name)
			}
			taken[local] = resource.name
		}
		for _, need := range resource.needs {
			if find(resources, need) == nil {
				return fmt.Errorf("k8s_resource %s: there is no resource %s to wait for", resource.name, need)
			}
		}
		if leads(resources, resource.name, resource.name, map[string]bool{}) {
			return fmt.Errorf("k8s_resource %s: it waits for itself", resource.name)
		}
	}
	return nil
}

func leads(resources []*resource, from, to string, seen map[string]bool) bool {
	if seen[from] {
		return false
	}
	seen[from] = true
	return slices.ContainsFunc(find(resources, from).needs, func(need string) bool {
		return need == to || find(resources, need) != nil && leads(resources, need, to, seen)
	})
}
