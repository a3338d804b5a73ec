#!/usr/bin/env bash
# k8s.io/kubernetes 1.36.2, 2026-11-30. Pod affinity terms with a namespaceSelector, in kube-scheduler
# (and in cluster-autoscaler, which has the same plugin):
# - A pod that is kept away by such a term is not woken when the pod that it avoids is deleted: the
#   queueing hint does not know what namespaces the selector chooses. It waits for the next flush of
#   the unschedulable pods, five minutes and more. With the namespace named it is woken at once.
# - In the filter the chosen namespaces are added to the term, but the selector stays: it is cleared
#   in a copy. Where it matches no labels at all (NotIn, DoesNotExist), the term speaks of the pods of
#   every namespace, those that it was to leave out, too.
set -euo pipefail
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir"; rm -rf "$dir"' EXIT
export GOFLAGS=-mod=mod
cd "$dir"
cat > probe.go <<'GO'
package main

import (
	"context"
	"fmt"

	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/klog/v2"
	fwk "k8s.io/kube-scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler/apis/config"
	"k8s.io/kubernetes/pkg/scheduler/backend/cache"
	"k8s.io/kubernetes/pkg/scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler/framework/parallelize"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/feature"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/interpodaffinity"
	"k8s.io/kubernetes/pkg/scheduler/metrics"
)

type handle struct {
	fwk.Handle
	lister    fwk.SharedLister
	informers informers.SharedInformerFactory
}

func (h handle) SnapshotSharedLister() fwk.SharedLister                    { return h.lister }
func (h handle) SharedInformerFactory() informers.SharedInformerFactory { return h.informers }
func (h handle) Parallelizer() fwk.Parallelizer                            { return parallelize.NewParallelizer(1) }

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	ctx := context.Background()
	metrics.Register()
	space := func(name, env string) *v1.Namespace {
		return &v1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"env": env}}}
	}
	client := fake.NewClientset(space("prod", "prod"), space("test", "test"), space("web", "web"))
	h := handle{informers: informers.NewSharedInformerFactory(client, 0)}
	h.informers.Core().V1().Namespaces().Informer()
	h.informers.Start(ctx.Done())
	h.informers.WaitForCacheSync(ctx.Done())
	node := &v1.Node{ObjectMeta: metav1.ObjectMeta{Name: "n", Labels: map[string]string{"host": "n"}}}
	db := func(space string) *v1.Pod {
		pod := &v1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "db", UID: "db", Namespace: space}}
		pod.Labels = map[string]string{"app": "db"}
		pod.Spec.NodeName = "n"
		return pod
	}
	avoids := func(names []string, selector *metav1.LabelSelector) *v1.Pod {
		pod := &v1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "web", UID: "web", Namespace: "web"}}
		pod.Spec.Affinity = &v1.Affinity{PodAntiAffinity: &v1.PodAntiAffinity{
			RequiredDuringSchedulingIgnoredDuringExecution: []v1.PodAffinityTerm{{
				TopologyKey: "host", Namespaces: names, NamespaceSelector: selector,
				LabelSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"app": "db"}}}}}}
		return pod
	}
	try := func(what string, pod, there *v1.Pod) {
		snapshot := cache.NewSnapshot([]*v1.Pod{there}, []*v1.Node{node})
		h.lister = snapshot
		made, err := interpodaffinity.New(ctx, &config.InterPodAffinityArgs{}, h, feature.Features{})
		must(err)
		plugin := made.(*interpodaffinity.InterPodAffinity)
		nodes, err := snapshot.NodeInfos().List()
		must(err)
		state := framework.NewCycleState()
		fits := true
		if _, status := plugin.PreFilter(ctx, state, pod, nodes); !status.IsSkip() {
			fits = plugin.Filter(ctx, state, pod, nodes[0]).IsSuccess()
		}
		events, err := plugin.EventsToRegister(ctx)
		must(err)
		hint, err := events[0].QueueingHintFn(klog.Background(), pod, there, nil)
		must(err)
		fmt.Printf("%s, a pod of %s is there: fits %t; woken by its end %t\n", what, there.Namespace, fits,
			hint == fwk.Queue)
	}
	env := func(op metav1.LabelSelectorOperator, value string) *metav1.LabelSelector {
		return &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{
			{Key: "env", Operator: op, Values: []string{value}}}}
	}
	try("avoids prod by name", avoids([]string{"prod"}, nil), db("prod"))
	try("avoids env In (prod)", avoids(nil, env("In", "prod")), db("prod"))
	try("avoids env In (prod)", avoids(nil, env("In", "prod")), db("test"))
	try("avoids env NotIn (test)", avoids(nil, env("NotIn", "test")), db("prod"))
	try("avoids env NotIn (test)", avoids(nil, env("NotIn", "test")), db("test"))
}
GO
go mod init probe 2> /dev/null
# The parts of Kubernetes that it takes from its own tree are modules of their own outside of it.
for part in api apiextensions-apiserver apimachinery apiserver cli-runtime client-go cloud-provider \
  cluster-bootstrap code-generator component-base component-helpers controller-manager cri-api cri-client \
  cri-streaming csi-translation-lib dynamic-resource-allocation endpointslice externaljwt kms \
  kube-aggregator kube-controller-manager kube-proxy kube-scheduler kubectl kubelet metrics mount-utils \
  pod-security-admission sample-apiserver sample-cli-plugin sample-controller streaming; do
  go mod edit -replace "k8s.io/$part=k8s.io/$part@v0.36.2"
done
go get k8s.io/kubernetes@v1.36.2 2> /dev/null
go run . | tee seen
diff seen - <<'SEEN'
avoids prod by name, a pod of prod is there: fits false; woken by its end true
avoids env In (prod), a pod of prod is there: fits false; woken by its end false
avoids env In (prod), a pod of test is there: fits true; woken by its end false
avoids env NotIn (test), a pod of prod is there: fits false; woken by its end true
avoids env NotIn (test), a pod of test is there: fits false; woken by its end true
SEEN
echo "as stated"
