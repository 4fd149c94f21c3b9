namespace KerasCompat.Layers;

/// <summary>Every layer class, by its canonical name.</summary>
internal static class LayerTable
{
    public static IReadOnlyDictionary<string, Func<LayerConfig, Layer>> Layers { get; } = new Dictionary<string, Func<LayerConfig, Layer>>(StringComparer.Ordinal)
    {
        // Core
        ["Activation"] = c => new Activation(c),
        ["Dense"] = c => new Dense(c),
        ["Dropout"] = c => new Identity(c),
        ["Embedding"] = c => new Embedding(c),
        ["Identity"] = c => new Identity(c),
        ["InputLayer"] = c => new InputLayer(c),
    };
}
