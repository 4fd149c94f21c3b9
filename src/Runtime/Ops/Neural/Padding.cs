namespace KerasCompat.Runtime;

/// <summary>How a convolution or pooling treats the edges of an axis; Keras's names.</summary>
public enum PaddingMode
{
    /// <summary>Windows lie inside the input.</summary>
    Valid,

    /// <summary>⌈n / stride⌉ windows; the zeros needed are split between both sides, the odd one after the end.</summary>
    Same,

    /// <summary>A window ends at its own step: all zeros before the beginning.</summary>
    Causal,

    /// <summary>As many zeros before and after as <see cref="Padding"/> says.</summary>
    Explicit,
}

/// <summary>The padding of a convolution or pooling.</summary>
/// <param name="Mode">The rule; what it means for an axis follows from the axis' size when a call is planned.</param>
/// <param name="Begin">For <see cref="PaddingMode.Explicit"/>: zeros before each spatial axis.</param>
/// <param name="End">For <see cref="PaddingMode.Explicit"/>: zeros after each spatial axis.</param>
public sealed record Padding(PaddingMode Mode, EquatableList<int>? Begin = null, EquatableList<int>? End = null)
{
    /// <summary>Windows inside the input.</summary>
    public static Padding Valid { get; } = new(PaddingMode.Valid);

    /// <summary>⌈n / stride⌉ windows.</summary>
    public static Padding Same { get; } = new(PaddingMode.Same);

    /// <summary>Zeros only before the beginning.</summary>
    public static Padding Causal { get; } = new(PaddingMode.Causal);

    /// <summary>The padding that Keras calls <c>valid</c>, <c>same</c> or <c>causal</c>.</summary>
    /// <exception cref="ArgumentException">Keras has no such padding.</exception>
    public static Padding Parse(string name) => name switch
    {
        "valid" => Valid,
        "same" => Same,
        "causal" => Causal,
        _ => throw new ArgumentException($"Padding \"{name}\"; expected valid, same or causal.", nameof(name)),
    };

    /// <summary>Given numbers of zeros before and after each spatial axis.</summary>
    public static Padding Explicit(EquatableList<int> begin, EquatableList<int> end) => new(PaddingMode.Explicit, begin, end);

    /// <summary>The number of windows along an axis.</summary>
    /// <param name="axis">Which spatial axis.</param>
    /// <param name="size">The axis' size.</param>
    /// <param name="window">The window's size, holes of a dilation included.</param>
    /// <param name="stride">Steps from window to window.</param>
    internal Dim Windows(int axis, Dim size, int window, int stride) => Mode switch
    {
        PaddingMode.Same or PaddingMode.Causal => Dim.CeilDiv(size, stride),
        PaddingMode.Explicit => Dim.FloorDiv(size + (Begin![axis] + End![axis] - window + stride), stride),
        _ => Dim.FloorDiv(size - (window - stride), stride),
    };

    /// <summary>Zeros before an axis of known size.</summary>
    internal int Before(int axis, int size, int window, int stride) => Mode switch
    {
        PaddingMode.Same => Math.Max((((size + stride - 1) / stride - 1) * stride) + window - size, 0) / 2,
        PaddingMode.Causal => window - 1,
        PaddingMode.Explicit => Begin![axis],
        _ => 0,
    };
}
