{{/*
What the names of all objects begin with: nothing, or `nameOverride` and a dash, so that
two releases in one namespace have nothing in common.
*/}}
{{- define "lab.prefix" -}}
{{- with .Values.nameOverride }}{{ . }}-{{ end -}}
{{- end }}

{{/*
The name of an image, of its parts and the registry for all images.
*/}}
{{- define "lab.image" -}}
{{- with .global.imageRegistry | default .image.registry }}{{ . }}/{{ end -}}
{{ .image.repository }}
{{- with .image.tag }}:{{ . }}{{ end -}}
{{- with .image.digest }}@{{ . }}{{ end -}}
{{- end }}

{{- define "lab.argocdBus.labels" -}}
app.kubernetes.io/managed-by: kubewright
app.kubernetes.io/name: bus
app.kubernetes.io/part-of: lab
{{- end }}

{{- define "lab.argocdMon.labels" -}}
app.kubernetes.io/managed-by: kubewright
app.kubernetes.io/name: mon
app.kubernetes.io/part-of: lab
{{- end }}

{{- define "lab.desk.labels" -}}
app: {{ include "lab.prefix" . }}desk
app.kubernetes.io/managed-by: kubewright
app.kubernetes.io/name: desk
app.kubernetes.io/part-of: lab
app.kubernetes.io/version: {{ .Values.desk.image.tag | quote }}
{{- end }}

{{- define "lab.labShop.labels" -}}
app: {{ include "lab.prefix" . }}shop
app.kubernetes.io/managed-by: kubewright
app.kubernetes.io/name: shop
app.kubernetes.io/part-of: lab
{{- if regexMatch "^v?[0-9]" (toString .Values.labShop.image.tag) }}
app.kubernetes.io/version: {{ .Values.labShop.image.tag | quote }}
{{- end }}
tier: web
{{- end }}

{{- define "lab.ledger.labels" -}}
app: {{ include "lab.prefix" . }}ledger
app.kubernetes.io/managed-by: kubewright
app.kubernetes.io/name: ledger
app.kubernetes.io/part-of: lab
app.kubernetes.io/version: {{ .Values.ledger.image.tag | quote }}
{{- end }}

{{- define "lab.load.labels" -}}
app: {{ include "lab.prefix" . }}load
app.kubernetes.io/managed-by: kubewright
app.kubernetes.io/name: load
app.kubernetes.io/part-of: lab
app.kubernetes.io/version: {{ .Values.load.image.tag | quote }}
{{- end }}

{{- define "lab.page.labels" -}}
app: {{ include "lab.prefix" . }}page
app.kubernetes.io/managed-by: kubewright
app.kubernetes.io/name: page
app.kubernetes.io/part-of: lab
app.kubernetes.io/version: {{ .Values.page.image.tag | quote }}
{{- end }}

{{- define "lab.postgres.labels" -}}
app: {{ include "lab.prefix" . }}postgres
app.kubernetes.io/managed-by: kubewright
app.kubernetes.io/name: postgres
app.kubernetes.io/part-of: lab
app.kubernetes.io/version: {{ .Values.postgres.image.tag | quote }}
{{- end }}

{{- define "lab.prom.labels" -}}
app: {{ include "lab.prefix" . }}prom
app.kubernetes.io/managed-by: kubewright
app.kubernetes.io/name: prom
app.kubernetes.io/part-of: stats
app.kubernetes.io/version: {{ .Values.prom.image.tag | quote }}
{{- end }}

{{- define "lab.redis.labels" -}}
app: {{ include "lab.prefix" . }}redis
app.kubernetes.io/managed-by: kubewright
app.kubernetes.io/name: redis
app.kubernetes.io/part-of: lab
app.kubernetes.io/version: {{ .Values.redis.image.tag | quote }}
{{- end }}

{{- define "lab.shop.labels" -}}
app: {{ include "lab.prefix" . }}shop
app.kubernetes.io/managed-by: kubewright
app.kubernetes.io/name: shop
app.kubernetes.io/part-of: lab
app.kubernetes.io/version: {{ .Values.shop.image.tag | quote }}
tier: web
{{- end }}

{{- define "lab.sweep.labels" -}}
app: {{ include "lab.prefix" . }}sweep
app.kubernetes.io/managed-by: kubewright
app.kubernetes.io/name: sweep
app.kubernetes.io/part-of: lab
app.kubernetes.io/version: {{ .Values.sweep.image.tag | quote }}
{{- end }}

{{- define "lab.work.labels" -}}
app: {{ include "lab.prefix" . }}work
app.kubernetes.io/managed-by: kubewright
app.kubernetes.io/name: work
app.kubernetes.io/part-of: lab
app.kubernetes.io/version: {{ .Values.work.image.tag | quote }}
{{- end }}

{{- define "lab.global.pay.secretName" -}}
{{ .Values.global.secretFiles.pay.existingSecret | default (print (include "lab.prefix" .) "pay") }}
{{- end }}

{{- define "lab.labShop.secretName" -}}
{{ .Values.labShop.existingSecret | default (print (include "lab.prefix" .) "shop-secrets") }}
{{- end }}
