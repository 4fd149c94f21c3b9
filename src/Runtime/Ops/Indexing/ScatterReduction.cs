using System.Numerics;

namespace KerasCompat.Runtime;

/// <summary>What happens where an update meets the element that is there.</summary>
public enum ScatterReduction
{
    /// <summary>The update takes its place; of several, the last.</summary>
    None,

    /// <summary>The sum.</summary>
    Add,

    /// <summary>The product.</summary>
    Mul,

    /// <summary>The larger.</summary>
    Max,

    /// <summary>The smaller.</summary>
    Min,
}

/// <summary>The meeting of updates and elements, as functions.</summary>
internal static class ScatterReductions
{
    /// <summary>Updates a run of elements.</summary>
    public static void Apply<T>(ScatterReduction reduction, Span<T> y, ReadOnlySpan<T> updates)
        where T : INumber<T>
    {
        for (int i = 0; i < updates.Length; i++)
        {
            y[i] = reduction switch
            {
                ScatterReduction.Add => y[i] + updates[i],
                ScatterReduction.Mul => y[i] * updates[i],
                ScatterReduction.Max => T.Max(y[i], updates[i]),
                ScatterReduction.Min => T.Min(y[i], updates[i]),
                _ => updates[i],
            };
        }
    }
}
