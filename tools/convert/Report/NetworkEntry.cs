using KerasCompat.Layers;

namespace KerasCompat.Convert.Report;

/// <summary>What a report says of a model, at the root of a file or inside a layer.</summary>
internal sealed class NetworkEntry
{
    private NetworkEntry(Network network, string scope, string id)
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
            layers.Add(new LayerEntry
            {
                Id = layerId,
                Layer = layer,
                Shape = ShapeText.OfOutputs(layer, outputs),
                DType = string.Join(", ", outputs.Select(o => Runtime.DTypes.Name(o.Value.DType)).DefaultIfEmpty(Runtime.DTypes.Name(layer.Policy.Compute)).Distinct()),
                Inner = inner is null ? null : new NetworkEntry(inner, $"{scope}/{innerScope}", layerId),
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

    public static NetworkEntry Of(Network network) => new(network, network.Name, "l");

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
