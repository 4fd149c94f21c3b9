using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>Checks that a graph's calls can be made one after another.</summary>
internal static class GraphOrder
{
    /// <summary>Reports the layers whose calls wait for each other.</summary>
    public static void Check(List<TensorReference> references, Dictionary<string, JObject> layers, string place, DialectContext context)
    {
        var waiting = new Dictionary<Call, int>();
        var takers = new Dictionary<Call, List<Call>>();
        foreach (TensorReference reference in references)
        {
            if (reference is { IsResolved: true, From: { } taker })
            {
                waiting[taker] = waiting.GetValueOrDefault(taker) + 1;
                var source = new Call(reference.Layer, reference.Node);
                if (!takers.TryGetValue(source, out List<Call>? list))
                {
                    takers[source] = list = [];
                }

                list.Add(taker);
            }
        }

        var ready = new Queue<Call>(layers
            .SelectMany(pair => Enumerable.Range(0, NodeIndices.Calls(pair.Value)).Select(node => new Call(pair.Key, node)))
            .Where(call => !waiting.ContainsKey(call)));
        while (ready.TryDequeue(out Call done))
        {
            foreach (Call taker in takers.GetValueOrDefault(done) ?? [])
            {
                if (--waiting[taker] == 0)
                {
                    waiting.Remove(taker);
                    ready.Enqueue(taker);
                }
            }
        }

        if (waiting.Count > 0)
        {
            string stuck = string.Join(", ", waiting.Keys.Select(call => $"\"{call.Layer}\"").Distinct());
            context.Report(Rewriting.Place(place, "layers"), $"layers that wait for each other: {stuck}", "a graph without cycles");
        }
    }
}
