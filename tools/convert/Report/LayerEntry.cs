using KerasCompat.Layers;
using KerasCompat.Verification;

namespace KerasCompat.Convert.Report;

/// <summary>What a report says of a layer.</summary>
internal sealed class LayerEntry
{
    /// <summary>Its row in the page, for links.</summary>
    public required string Id { get; init; }

    /// <summary>Where its box leads: to its row, or to the model inside.</summary>
    public required string Place { get; init; }

    public required Layer Layer { get; init; }

    public string Family => LayerFamily.Of(Layer.ClassName);

    /// <summary>The shapes of its outputs, as Keras prints them.</summary>
    public required string Shape { get; init; }

    public required string DType { get; init; }

    public long Parameters => Layer.Weights.Sum(w => (long)w.Shape.ElementCount);

    /// <summary>The seconds its operators take in a call; null where that was not measured.</summary>
    public double? Seconds { get; set; }

    /// <summary>Its calls, in the order of execution.</summary>
    public required IReadOnlyList<CallEntry> Calls { get; init; }

    /// <summary>The largest difference of its calls from what Keras computed; null where none is known.</summary>
    public ArrayComparison? Difference => Calls.Select(c => c.Difference).MaxBy(d => d?.LargestAbsolute ?? -1);

    /// <summary>The largest difference that is known of it and of the layers inside it, which a fold shows.</summary>
    public ArrayComparison? Worst => Inner is null ? Difference : Inner.Layers.Select(l => l.Worst).Prepend(Difference).MaxBy(d => d?.LargestAbsolute ?? -1);

    /// <summary>True for the first layer outside the tolerance.</summary>
    public bool DivergesFirst => Calls.Any(c => c.DivergesFirst);

    /// <summary>The model inside, where the layer is one or wraps one.</summary>
    public NetworkEntry? Inner { get; init; }
}
