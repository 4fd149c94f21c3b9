namespace KerasCompat.Runtime;

/// <summary>The batch of a matrix product, as two axes of equal steps and a list of places to begin from.</summary>
/// <param name="Outer">Size of the outer of the two axes.</param>
/// <param name="Inner">Size of the inner of the two axes.</param>
/// <param name="A">How the left operand is walked.</param>
/// <param name="B">How the right operand is walked.</param>
/// <param name="Y">How the result is walked.</param>
internal sealed record MatrixBatch(int Outer, int Inner, MatrixBatch.Walk A, MatrixBatch.Walk B, MatrixBatch.Walk Y)
{
    /// <summary>Where each walk over the two axes begins, and elements from matrix to matrix along both.</summary>
    internal readonly record struct Walk(int[] Starts, int OuterStep, int InnerStep);

    /// <summary>The longest run of matrices that two axes of equal steps describe, for all three operands at once.</summary>
    /// <param name="batch">The sizes of the batch axes, none of them 0.</param>
    /// <param name="a">Where each matrix of the left operand begins.</param>
    /// <param name="b">Where each matrix of the right operand begins.</param>
    /// <param name="y">Where each matrix of the result begins.</param>
    public static MatrixBatch Of(ReadOnlySpan<int> batch, int[] a, int[] b, int[] y)
    {
        for (int first = 0; first < batch.Length; first++)
        {
            int run = Product(batch[first..]);
            for (int split = first; split < batch.Length; split++)
            {
                int inner = Product(batch[split..]);
                if (Regular(a, run, inner) is { } walkA && Regular(b, run, inner) is { } walkB && Regular(y, run, inner) is { } walkY)
                {
                    return new MatrixBatch(run / inner, inner, walkA, walkB, walkY);
                }
            }
        }

        return new MatrixBatch(1, 1, new Walk(a, 0, 0), new Walk(b, 0, 0), new Walk(y, 0, 0));
    }

    private static Walk? Regular(int[] offsets, int run, int inner)
    {
        int outerStep = run > inner ? offsets[inner] : 0, innerStep = inner > 1 ? offsets[1] : 0;
        for (int i = 0; i < run; i++)
        {
            if (offsets[i] != (i / inner * outerStep) + (i % inner * innerStep))
            {
                return null;
            }
        }

        return new Walk([.. offsets.Where((_, i) => i % run == 0)], outerStep, innerStep);
    }

    private static int Product(ReadOnlySpan<int> sizes)
    {
        int product = 1;
        foreach (int size in sizes)
        {
            product *= size;
        }

        return product;
    }
}
