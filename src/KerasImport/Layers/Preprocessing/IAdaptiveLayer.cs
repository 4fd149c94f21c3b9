using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>A layer that learns from data without gradients: Keras's <c>adapt</c>.</summary>
internal interface IAdaptiveLayer
{
    /// <summary>What the layer has learnt, or was given; null where it has nothing. Setting it lets the layer's weights be declared anew at the next call.</summary>
    object? State { get; set; }

    /// <summary>What the layer learns from these batches alone, as a value for <see cref="State"/>; the layer itself stays as it is.</summary>
    /// <exception cref="InvalidOperationException">The layer was made with what it would learn, or there is nothing to learn from.</exception>
    /// <exception cref="ArgumentException">The data do not fit.</exception>
    object Learn(IEnumerable<Tensor> batches);
}

/// <summary>The refusals that layers which learn share.</summary>
internal static class Adapting
{
    /// <summary>The refusal of a layer made with what it would learn, as in Keras.</summary>
    public static InvalidOperationException Given(Layer layer, string what) =>
        new($"{layer.Config.Place}: it was made with {what}, so it cannot be adapted, as in Keras; leave that out where the layer is made");

    /// <summary>The refusal of data without elements.</summary>
    public static ArgumentException Nothing(Layer layer) => new($"{layer.Config.Place}: the data to adapt to hold no element; expected at least one batch with elements");
}
