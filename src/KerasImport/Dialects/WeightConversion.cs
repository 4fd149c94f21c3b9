using KerasCompat.Runtime;

namespace KerasCompat.Dialects;

/// <summary>One step from stored to canonical arrays.</summary>
/// <param name="Convert">From the arrays so far and the shapes of the canonical arrays to the arrays after this step.</param>
internal sealed record WeightConversion(Func<IReadOnlyList<Tensor>, IReadOnlyList<Shape>, IReadOnlyList<Tensor>> Convert)
{
    public WeightConversion(Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> convert)
        : this((stored, _) => convert(stored))
    {
    }

    /// <summary>From the number of arrays after this step to the number before it.</summary>
    public Func<int, int> StoredCount { get; init; } = count => count;
}
