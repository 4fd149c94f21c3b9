namespace KerasCompat.Runtime;

/// <summary>The broadcast leading axes of a matrix product, as two axes of equal steps and a list of places to begin from.</summary>
/// <param name="Outer">Size of the outer of the two axes.</param>
/// <param name="Inner">Size of the inner of the two axes.</param>
/// <param name="A">Elements from matrix to matrix of the left operand, along both axes; 0 where one repeats.</param>
/// <param name="B">The same of the right operand.</param>
/// <param name="OffsetsA">Where each walk over the two axes begins in the left operand.</param>
/// <param name="OffsetsB">The same in the right operand.</param>
internal sealed record MatrixBatch(int Outer, int Inner, MatrixBatch.Steps A, MatrixBatch.Steps B, int[] OffsetsA, int[] OffsetsB)
{
    /// <summary>Elements from matrix to matrix along the outer and the inner axis.</summary>
    internal readonly record struct Steps(int Outer, int Inner);

    /// <summary>The batch of a product of shape <paramref name="y"/>, which has elements.</summary>
    public static MatrixBatch Of(Shape a, Shape b, Shape y)
    {
        int[] offsetsA = Offsets(a, y), offsetsB = Offsets(b, y);

        // The longest run of matrices that two axes of equal steps describe, for both operands at once.
        for (int first = 0; first < y.Rank - 2; first++)
        {
            int run = y.Product(first, y.Rank - 2);
            for (int split = first; split < y.Rank - 2; split++)
            {
                int inner = y.Product(split, y.Rank - 2);
                if (Regular(offsetsA, run, inner) is { } stepsA && Regular(offsetsB, run, inner) is { } stepsB)
                {
                    return new MatrixBatch(run / inner, inner, stepsA, stepsB, [.. offsetsA.Where((_, i) => i % run == 0)], [.. offsetsB.Where((_, i) => i % run == 0)]);
                }
            }
        }

        return new MatrixBatch(1, 1, default, default, offsetsA, offsetsB);
    }

    /// <summary>Where the matrix of each element of the broadcast leading axes begins.</summary>
    public static int[] Offsets(Shape x, Shape y)
    {
        int count = y.Product(0, y.Rank - 2), matrix = x[-2] * x[-1];
        var offsets = new int[count];
        for (int index = 0; index < count; index++)
        {
            int rest = index, stride = 1, offset = 0;
            for (int axis = y.Rank - 3; axis >= 0; axis--)
            {
                int own = axis - (y.Rank - x.Rank);
                int size = own >= 0 ? x[own] : 1;
                offset += size == 1 ? 0 : rest % y[axis] * stride;
                stride *= size;
                rest /= y[axis];
            }

            offsets[index] = offset * matrix;
        }

        return offsets;
    }

    private static Steps? Regular(int[] offsets, int run, int inner)
    {
        int outer = run / inner;
        var steps = new Steps(outer > 1 ? offsets[inner] : 0, inner > 1 ? offsets[1] : 0);
        return Enumerable.Range(0, run).All(i => offsets[i] == (i / inner * steps.Outer) + (i % inner * steps.Inner)) ? steps : null;
    }
}
