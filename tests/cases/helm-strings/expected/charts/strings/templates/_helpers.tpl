{{/*
What the names of all objects begin with: nothing, or `nameOverride` and a dash, so that
two releases in one namespace have nothing in common.
*/}}
{{- define "strings.prefix" -}}
{{- with .Values.nameOverride }}{{ . }}-{{ end -}}
{{- end }}

{{/*
The name of an image, of its parts and the registry for all images.
*/}}
{{- define "strings.image" -}}
{{- with .global.imageRegistry | default .image.registry }}{{ . }}/{{ end -}}
{{ .image.repository }}
{{- with .image.tag }}:{{ . }}{{ end -}}
{{- with .image.digest }}@{{ . }}{{ end -}}
{{- end }}

{{- define "strings.web.labels" -}}
app: {{ include "strings.prefix" . }}web
app.kubernetes.io/managed-by: kubewright
app.kubernetes.io/name: web
app.kubernetes.io/part-of: strings
app.kubernetes.io/version: {{ .Values.web.image.tag | quote }}
{{- end }}
