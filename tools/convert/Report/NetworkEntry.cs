using KerasCompat.Layers;
using KerasCompat.Verification;

namespace KerasCompat.Convert.Report;

/// <summary>What a report says of a model, at the root of a file or inside a layer.</summary>
internal sealed class NetworkEntry
{
    private NetworkEntry(Network network, string scope, string id, IReadOnlyList<string?> runs, Dictionary<Network, string> places)
    {
        Network = network;
        Scope = scope;
        Id = id;
        var layers = new List<LayerEntry>();
        foreach (Layer layer in network.CallSites.Select(c => c.Layer).Distinct())
        {
            string layerId = $"{id}-{layers.Count}";
            Network? inner = layer as Network ?? layer.Sublayers.Select(s => s.Layer).OfType<Network>().FirstOrDefault();
            string innerScope = inner is null || inner == layer ? layer.Name : $"{layer.Name}/{inner.Name}";
            KerasTensor[] outputs = [.. network.Trace.Where(t => t.Layer == layer && t.Node == 0).DistinctBy(t => t.Output).Select(t => t.Tensor)];
            CallEntry[] calls = [.. CallsOf(layer, runs)];
            if (inner is not null)
            {
                // A model that stands in several places is shown at the first.
                places.TryAdd(inner, layerId);
            }

            layers.Add(new LayerEntry
            {
                Id = layerId,
                Layer = layer,
                Shape = ShapeText.OfOutputs(layer, outputs),
                DType = string.Join(", ", outputs.Select(o => Runtime.DTypes.Name(o.Value.DType)).DefaultIfEmpty(Runtime.DTypes.Name(layer.Policy.Compute)).Distinct()),
                Calls = calls,
                Inner = inner is null ? null : new NetworkEntry(inner, $"{scope}/{innerScope}", layerId, [.. calls.Select(c => c.Name)], places),
                Place = inner is null ? layerId : $"net-{places[inner]}",
            });
        }

        Layers = layers;
    }

    public Network Network { get; }

    /// <summary>The scope of its operators: <c>model/encoder</c>.</summary>
    public string Scope { get; }

    public string Id { get; }

    /// <summary>Its layers and op nodes.</summary>
    public IReadOnlyList<LayerEntry> Layers { get; }

    /// <summary>The models inside, at any depth, outer ones first.</summary>
    public IEnumerable<(LayerEntry Layer, NetworkEntry Network)> Inner =>
        Layers.Where(l => l.Inner is not null).SelectMany(l => l.Inner!.Inner.Prepend((l, l.Inner!)));

    /// <summary>The calls of its layers, in the order of execution.</summary>
    public IEnumerable<(LayerEntry Layer, CallEntry Call)> Calls => Layers.SelectMany(l => l.Calls.Select(c => (Layer: l, Call: c))).OrderBy(c => c.Call.Step);

    public static NetworkEntry Of(Network network) => new(network, network.Name, "l", [null], []);

    /// <summary>Notes how far every layer, at every depth, is from what Keras computed.</summary>
    /// <param name="differences">The differences, as far as they are known.</param>
    /// <param name="first">The first layer outside the tolerance.</param>
    public void Compare(LayerDifferences differences, LayerDivergence? first)
    {
        // What an input layer gives is the difference of what the model was given.
        foreach (LayerEntry layer in Layers.Where(l => l.Layer is not InputLayer))
        {
            foreach (CallEntry call in layer.Calls)
            {
                call.Compare(differences, first is not null && layer.Layer.Name == first.Layer && call.Node == first.Node);
            }

            layer.Inner?.Compare(differences, null);
        }
    }

    /// <summary>The calls of a layer in each run of the model: a model inside another runs at each of its calls.</summary>
    private IEnumerable<CallEntry> CallsOf(Layer layer, IReadOnlyList<string?> runs)
    {
        // A run notes each output of each call once, so that the first note of an output is the first run's.
        var times = new Dictionary<(int Node, int Output), int>();
        (LayerOutput Output, int Step, int Run)[] noted = [.. Network.Trace.Index().Where(t => t.Item.Layer == layer).Select(t => (t.Item, t.Index, times[(t.Item.Node, t.Item.Output)] = times.GetValueOrDefault((t.Item.Node, t.Item.Output), -1) + 1))];
        bool severalCalls = noted.DistinctBy(n => n.Output.Node).Count() > 1, areCallers = noted.Select(n => n.Run + 1).DefaultIfEmpty(runs.Count).Max() == runs.Count;
        return noted.GroupBy(n => (n.Run, n.Output.Node)).Select(g => new CallEntry(
            g.First().Step,
            g.Key.Node,
            Name(areCallers ? runs[g.Key.Run] : $"use {g.Key.Run + 1}", severalCalls ? $"call {g.Key.Node + 1}" : null),
            [.. g.Select(n => n.Output)]));

        static string? Name(string? run, string? call) => run is null ? call : call is null ? run : $"{call} in {run}";
    }

    /// <summary>Gives a time to the layer it was spent in, at every depth.</summary>
    /// <param name="scope">The operator's scope: <c>model/encoder/lstm</c>.</param>
    /// <param name="seconds">What it took.</param>
    public void Spend(string scope, double seconds)
    {
        // Names may hold slashes themselves, so the longest name that fits is meant.
        LayerEntry? layer = Layers.Where(l => IsWithin(scope, $"{Scope}/{l.Layer.Name}")).MaxBy(l => l.Layer.Name.Length);
        if (layer is not null)
        {
            layer.Seconds += seconds;
            layer.Inner?.Spend(scope, seconds);
        }
    }

    /// <summary>Says of every layer that times were taken.</summary>
    public void BeginTiming()
    {
        foreach (LayerEntry layer in Layers)
        {
            layer.Seconds = 0;
            layer.Inner?.BeginTiming();
        }
    }

    private static bool IsWithin(string scope, string outer) => scope == outer || scope.StartsWith(outer + "/", StringComparison.Ordinal);
}
