using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The key <c>padding</c> of convolutions and poolings.</summary>
/// <remarks>
/// Beside Keras's <c>valid</c>, <c>same</c> and <c>causal</c> there are two of Theano: <c>full</c> lets every window touch the input
/// (k − 1 zeros on both sides), <c>same_theano</c> is what the Theano backend made of <c>same</c>: ⌈n / stride⌉ windows as well, but with a
/// number of zeros before the beginning that does not depend on the input's size.
/// </remarks>
internal static class WindowPadding
{
    /// <summary>The padding of a convolution.</summary>
    /// <param name="config">The layer's config.</param>
    /// <param name="size">The window's size along each axis.</param>
    /// <param name="dilations">Steps from tap to tap.</param>
    /// <param name="key">The key that says it.</param>
    /// <param name="fallback">What an absent key means.</param>
    public static Padding OfConvolution(LayerConfig config, int[] size, int[] dilations, string key = "padding", string fallback = "valid")
    {
        int[] extents = [.. size.Select((k, i) => ((k - 1) * dilations[i]) + 1)];
        return Read(config, key, fallback, extents, [.. extents.Select(e => e / 2)]);
    }

    /// <summary>The padding of a pooling.</summary>
    /// <param name="config">The layer's config.</param>
    /// <param name="size">The window's size along each axis.</param>
    public static Padding OfPooling(LayerConfig config, int[] size) =>
        Read(config, "padding", "valid", size, [.. size.Select(k => k % 2 == 1 && k > 2 ? k - 2 : k - 1)]);

    private static Padding Read(LayerConfig config, string key, string fallback, int[] extents, int[] before)
    {
        string name = config.OneOf(key, fallback, "valid", "same", "causal", "full", "same_theano");
        int[] whole = [.. extents.Select(e => e - 1)];
        return name switch
        {
            "full" => Padding.Explicit(whole, whole),
            "same_theano" => Padding.Explicit(before, [.. whole.Zip(before, (a, b) => a - b)]),
            _ => Padding.Parse(name),
        };
    }
}
