{{/*
What the names of all objects begin with: nothing, or `nameOverride` and a dash, so that
two releases in one namespace have nothing in common.
*/}}
{{- define "shop.prefix" -}}
{{- with .Values.nameOverride }}{{ . }}-{{ end -}}
{{- end }}

{{/*
The name of an image, of its parts and the registry for all images.
*/}}
{{- define "shop.image" -}}
{{- with .global.imageRegistry | default .image.registry }}{{ . }}/{{ end -}}
{{ .image.repository }}
{{- with .image.tag }}:{{ . }}{{ end -}}
{{- with .image.digest }}@{{ . }}{{ end -}}
{{- end }}

{{- define "shop.console.labels" -}}
app: {{ include "shop.prefix" . }}console
app.kubernetes.io/managed-by: kubewright
app.kubernetes.io/name: console
app.kubernetes.io/part-of: shop
app.kubernetes.io/version: {{ .Values.console.image.tag | quote }}
{{- end }}

{{- define "shop.report.labels" -}}
app: {{ include "shop.prefix" . }}report
app.kubernetes.io/managed-by: kubewright
app.kubernetes.io/name: report
app.kubernetes.io/part-of: shop
app.kubernetes.io/version: {{ .Values.report.image.tag | quote }}
{{- end }}

{{- define "shop.web.labels" -}}
app: {{ include "shop.prefix" . }}web
app.kubernetes.io/managed-by: kubewright
app.kubernetes.io/name: web
app.kubernetes.io/part-of: shop
{{- if regexMatch "^v?[0-9]" (toString .Values.web.image.tag) }}
app.kubernetes.io/version: {{ .Values.web.image.tag | quote }}
{{- end }}
{{- end }}

{{- define "shop.worker.labels" -}}
app: {{ include "shop.prefix" . }}worker
app.kubernetes.io/managed-by: kubewright
app.kubernetes.io/name: worker
app.kubernetes.io/part-of: shop
app.kubernetes.io/version: {{ .Values.worker.image.tag | quote }}
{{- end }}

{{- define "shop.web.deployment.configHash" -}}
{{ list
  (print (print "LOG_LEVEL=" (.Values.web.env.LOG_LEVEL | toString | sha256sum) "\n") (print "REGION=" (.Values.web.env.REGION | toString | sha256sum) "\n") (print "THEME=" (.Values.web.env.THEME | toString | sha256sum) "\n") (ternary (print "ZONE=" (.Values.web.env.ZONE | toString | sha256sum) "\n") "" (not (kindIs "invalid" .Values.web.env.ZONE))) | sha256sum)
  | sortAlpha | join "" | sha256sum | trunc 8 }}
{{- end }}
