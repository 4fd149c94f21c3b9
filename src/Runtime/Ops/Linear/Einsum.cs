using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>
/// The Einstein summation: the product of the operands summed over every label that the result lacks. ONNX Einsum. An ellipsis
/// stands for any number of axes, which broadcast; an axis of size 1 is repeated.
/// </summary>
/// <remarks>
/// The kernel is a plain loop over all labels. <see cref="GraphBuilder.Einsum"/> uses it only for what is no matrix product.
/// </remarks>
/// <param name="Equation">The labels of the operands and of the result: <c>...ab,bc->...ac</c>.</param>
public sealed record Einsum(string Equation) : Op, INumericKernel
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        SymbolicShape[] shapes = [.. Enumerable.Range(0, inputs.Count).Select(inputs.Shape)];
        EinsumEquation equation;
        try
        {
            equation = EinsumEquation.Parse(Equation, [.. shapes.Select(s => s.Rank)]);
        }
        catch (FormatException e)
        {
            throw inputs.Fail($"operands of shapes {string.Join(", ", shapes.AsEnumerable())} ({e.Message})", "an equation that fits the operands");
        }

        var sizes = equation.Labels.ToDictionary(l => l, l => inputs.Broadcast(
            [.. shapes.SelectMany((s, i) => equation.Operands[i].Index().Where(a => a.Item == l).Select(a => new SymbolicShape(s[a.Index])))])[0]);
        return [new TensorType(inputs.DType(0), new SymbolicShape(equation.Output.Select(l => sizes[l])))];
    }

    internal override CpuKernel Bind(CpuBinding binding) => binding.Numeric(this);

    CpuKernel INumericKernel.Make<T>(CpuBinding binding)
    {
        Slot[] operands = [.. Enumerable.Range(0, binding.InputCount).Select(binding.Input)];
        Slot y = binding.Output(0);
        EinsumEquation equation = EinsumEquation.Parse(Equation, [.. operands.Select(o => o.Shape.Rank)]);
        int[] labels = equation.Labels;
        int[] sizes = [.. labels.Select(l => operands.SelectMany((o, i) => equation.Operands[i].Index().Where(a => a.Item == l).Select(a => o.Shape[a.Index])).Aggregate(1, (a, b) => a == 1 ? b : a))];
        int[][] strides = [.. operands.Select((o, i) => Strides(o.Shape, equation.Operands[i], labels))];
        int outer = equation.Output.Length;
        int terms = sizes[outer..].Aggregate(1, (a, b) => a * b);
        return frame =>
        {
            Span<T> result = frame.Span<T>(y);
            Span<int> at = stackalloc int[labels.Length];
            Span<int> offsets = stackalloc int[operands.Length];
            at.Clear();
            offsets.Clear();
            for (int i = 0; i < result.Length; i++)
            {
                // The innermost labels are those summed over: after all terms they are back at 0.
                T sum = T.Zero;
                for (int term = 0; term < terms; term++)
                {
                    T product = T.One;
                    for (int operand = 0; operand < operands.Length; operand++)
                    {
                        product *= frame.Span<T>(operands[operand])[offsets[operand]];
                    }

                    sum += product;
                    Advance(at[outer..], sizes.AsSpan(outer), strides, outer, offsets);
                }

                result[i] = sum;
                Advance(at[..outer], sizes.AsSpan(0, outer), strides, 0, offsets);
            }
        };
    }

    /// <summary>Moves to the next combination of some labels; after the last, back to the first.</summary>
    private static void Advance(Span<int> at, ReadOnlySpan<int> sizes, int[][] strides, int first, Span<int> offsets)
    {
        for (int label = at.Length - 1; label >= 0; label--)
        {
            bool wraps = ++at[label] == sizes[label];
            for (int operand = 0; operand < offsets.Length; operand++)
            {
                offsets[operand] += strides[operand][first + label] * (wraps ? 1 - sizes[label] : 1);
            }

            if (!wraps)
            {
                return;
            }

            at[label] = 0;
        }
    }

    /// <summary>How far each label moves within an operand; a label that stands twice runs along the diagonal.</summary>
    private static int[] Strides(Shape shape, int[] axes, int[] labels)
    {
        int[] strides = shape.Strides();
        return [.. labels.Select(l => axes.Index().Where(a => a.Item == l && shape[a.Index] != 1).Sum(a => strides[a.Index]))];
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>
    /// The Einstein summation of some values: <c>g.Einsum("...ab,bc->...ac", x, kernel)</c>. Two operands that meet as matrices become
    /// Transpose, Reshape and MatMul; anything else an <see cref="Runtime.Einsum"/>.
    /// </summary>
    public Value Einsum(string equation, params Value[] operands)
    {
        if (operands is [var a, var b] && EinsumEquation.TryParse(equation, [a.Rank, b.Rank]) is { } parsed)
        {
            // Weights go to the right, where products keep them packed; else the order that spares the result a transposition.
            int firstFree = parsed.Output.FirstOrDefault(l => !parsed.Operands[0].Contains(l) || !parsed.Operands[1].Contains(l));
            bool swaps = (a.IsStored && !b.IsStored) || (a.IsStored == b.IsStored && parsed.Operands[1].Contains(firstFree) && !parsed.Operands[0].Contains(firstFree));
            (Value left, Value right, int[] labels, int[] others) = swaps
                ? (b, a, parsed.Operands[1], parsed.Operands[0])
                : (a, b, parsed.Operands[0], parsed.Operands[1]);
            if (EinsumProduct.TryMake(left.Shape, right.Shape, labels, others, parsed.Output) is { } product)
            {
                return product.Apply(this, left, right);
            }
        }

        return Apply(new Einsum(equation), operands);
    }
}
