using KerasCompat.Layers;
using KerasCompat.Verification;

namespace KerasCompat.Convert.Report;

/// <summary>What a report says of a layer.</summary>
internal sealed class LayerEntry
{
    /// <summary>Its place in the page, for links.</summary>
    public required string Id { get; init; }

    public required Layer Layer { get; init; }

    public string Family => LayerFamily.Of(Layer.ClassName);

    /// <summary>The shapes of its outputs, as Keras prints them.</summary>
    public required string Shape { get; init; }

    public required string DType { get; init; }

    public long Parameters => Layer.Weights.Sum(w => (long)w.Shape.ElementCount);

    /// <summary>The seconds its operators take in a call; null where that was not measured.</summary>
    public double? Seconds { get; set; }

    /// <summary>How far its output is from what Keras computed; null where that is not known.</summary>
    public ArrayComparison? Difference { get; set; }

    /// <summary>True for the first layer outside the tolerance.</summary>
    public bool DivergesFirst { get; set; }

    /// <summary>The model inside, where the layer is one or wraps one.</summary>
    public NetworkEntry? Inner { get; init; }
}
