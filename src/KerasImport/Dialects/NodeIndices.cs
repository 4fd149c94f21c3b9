using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>Turns node indices as files count them into positions in a layer's <c>inbound_nodes</c>, from 0.</summary>
/// <remarks>A layer's calls count from 0, but a nested model's from 1 where its own graph counts as its node 0. Which does depends on the
/// generation and the place (<see cref="NestedBase"/>). All its calls are named somewhere, so where the rule does not fit the other base is taken.</remarks>
internal static class NodeIndices
{
    /// <summary>Rewrites the node index of every reference in place.</summary>
    public static void Resolve(List<TensorReference> references, Dictionary<string, JObject> layers, DialectContext context)
    {
        foreach (IGrouping<(string Layer, NestedBase Rule), TensorReference> group in references.GroupBy(item => (item.Layer, item.NestedBase)))
        {
            if (!layers.TryGetValue(group.Key.Layer, out JObject? layer))
            {
                foreach (string place in group.Select(item => item.Place).Distinct())
                {
                    context.Report(place, $"layer \"{group.Key.Layer}\"", "a layer of this model");
                }

                continue;
            }

            int calls = Calls(layer);
            int first = FirstIndex(layer, group.Key.Rule, group, calls, context.Generation);
            foreach (TensorReference reference in group)
            {
                int node = reference.Node - first;
                node = node < 0 && reference.Node < 0 ? reference.Node + calls : node;
                if (node < 0 || node >= calls)
                {
                    context.Report(reference.Place, $"node {reference.Node} of layer \"{reference.Layer}\"", calls == 1 ? "its only call" : $"one of its {calls} calls");
                    continue;
                }

                reference.History[1] = node;
                reference.IsResolved = true;
            }
        }
    }

    /// <summary>How often a layer is called; an input layer counts as called once.</summary>
    public static int Calls(JObject layer) =>
        layer["inbound_nodes"] is JArray { Count: > 0 } calls ? calls.Count : layer.Text("class_name") == "InputLayer" ? 1 : 0;

    private static int FirstIndex(JObject layer, NestedBase rule, IEnumerable<TensorReference> references, int calls, Generation generation)
    {
        if (layer.Text("kind") != "model")
        {
            return 0;
        }

        int expected = CountsFromOne(layer, rule, generation) ? 1 : 0;
        bool Fits(int first) => references.All(item => item.Node - first >= 0 && item.Node - first < calls);
        return !Fits(expected) && Fits(1 - expected) ? 1 - expected : expected;
    }

    private static bool CountsFromOne(JObject model, NestedBase rule, Generation generation) => rule switch
    {
        NestedBase.None => false,
        NestedBase.FunctionalModels => model.Text("class_name") == "Functional",
        _ => model.Text("class_name") == "Functional" || generation.Era is Era.Keras1 or Era.Keras2
            || (model["config"]?["layers"] is JArray { First: JObject first } && first.Text("class_name") == "InputLayer"),
    };
}
