package main

import "strings"

// The functions of a Tiltfile and their parameters, in their order, as
// https://docs.tilt.dev/api.html has them for Tilt 0.37. Those that may be left
// out end in `?`. Only names stand here: what a call means is in loader.go.
const api = `
allow_k8s_contexts contexts
analytics_settings enable
blob contents
ci_settings k8s_grace_period? timeout? readiness_timeout?
config.clear_enabled_resources
config.define_bool name args? usage?
config.define_string name args? usage?
config.define_string_list name args? usage?
config.parse
config.set_enabled_resources resources
custom_build ref command deps tag? disable_push? skips_local_docker? live_update? match_in_env_vars? ignore? entrypoint? command_bat_val? outputs_image_ref_to? command_bat? image_deps? env? dir?
dc_resource name trigger_mode? resource_deps? links? labels? auto_init? project_name? new_name? infer_links?
decode_json json
decode_yaml yaml
decode_yaml_stream yaml
default_registry host host_from_cluster? single_name?
disable_snapshots
docker_build ref context build_args? dockerfile? dockerfile_contents? live_update? match_in_env_vars? ignore? only? entrypoint? target? ssh? network? secret? extra_tag? container_args? cache_from? pull? platform? extra_hosts?
docker_compose configPaths env_file? project_name? profiles? wait?
docker_prune_settings disable? max_age_mins? num_builds? interval_hrs? keep_recent?
enable_feature feature_name
encode_json obj
encode_yaml obj
encode_yaml_stream objs
exec_action command
exit code
fail msg
fall_back_on files
filter_yaml yaml labels? name? namespace? kind? api_version?
helm pathToChartDir name? namespace? values? set? kube_version? skip_crds?
http_get_action port host? scheme? path?
include path
initial_sync
k8s_context
k8s_custom_deploy name apply_cmd delete_cmd deps image_selector? live_update? apply_dir? apply_env? apply_cmd_bat? delete_dir? delete_env? delete_cmd_bat? container_selector? image_deps?
k8s_kind kind api_version? image_json_path? image_object_json_path? pod_readiness?
k8s_namespace
k8s_resource workload? new_name? port_forwards? extra_pod_selectors? trigger_mode? resource_deps? objects? auto_init? pod_readiness? links? labels? discovery_strategy?
k8s_yaml yaml allow_duplicates?
kustomize pathToDir kustomize_bin? flags?
link url name
listdir directory recursive?
load_dynamic path
local command quiet? command_bat? echo_off? env? dir? stdin?
local_resource name cmd deps? trigger_mode? resource_deps? ignore? auto_init? serve_cmd? cmd_bat? serve_cmd_bat? allow_parallel? links? labels? env? serve_env? readiness_probe? dir? serve_dir?
os.getcwd
os.getenv key default?
os.path.abspath path
os.path.basename path
os.path.dirname path
os.path.exists path
os.path.realpath path
os.path.relpath targpath basepath?
os.putenv key value
os.unsetenv key
port_forward local_port container_port? name? link_path? host?
probe initial_delay_secs? timeout_secs? period_secs? success_threshold? failure_threshold? exec? http_get? tcp_socket?
read_file file_path default?
read_json path default?
read_yaml path default?
read_yaml_stream path default?
restart_container
run cmd trigger? echo_off?
secret_settings disable_scrub?
set_team team_id
shlex.quote s
sync local_path remote_path
tcp_socket_action port host?
trigger_mode trigger_mode
update_settings max_parallel_updates? k8s_upsert_timeout_secs? suppress_unused_image_warnings? k8s_server_side_apply?
version_settings check_updates? constraint?
warn msg
watch_file file_path
watch_settings ignore
workload_to_resource_function fn
`

// A parameter of a function.
type parameter struct {
	name     string
	optional bool
}

// Functions by their names, `os.getenv` among them.
func functions() map[string][]parameter {
	all := map[string][]parameter{}
	for line := range strings.Lines(strings.TrimSpace(api)) {
		words := strings.Fields(line)
		parameters := []parameter{}
		for _, word := range words[1:] {
			name := strings.TrimSuffix(word, "?")
			parameters = append(parameters, parameter{name, name != word})
		}
		all[words[0]] = parameters
	}
	return all
}
