namespace KerasCompat.Runtime;

/// <summary>What a reduction does with elements that lie side by side, and with rows that lie one upon the other.</summary>
internal interface IReduction<T>
{
    /// <summary>The result for no elements.</summary>
    static abstract T Empty { get; }

    /// <summary>The result for a line of elements, at least one.</summary>
    static abstract T Line(ReadOnlySpan<T> x);

    /// <summary>Begins the results of many lines at once with their first elements.</summary>
    static abstract void Begin(ReadOnlySpan<T> x, Span<T> y);

    /// <summary>Takes the next element of each of many lines into its result.</summary>
    static abstract void Accumulate(ReadOnlySpan<T> x, Span<T> y);

    /// <summary>Joins the results for two parts of the elements of many lines.</summary>
    static abstract void Join(ReadOnlySpan<T> part, Span<T> y);
}
