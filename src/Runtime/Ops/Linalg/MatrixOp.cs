using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>An operator on the matrices in the last two axes of its inputs. ONNX has none of them but Det; numpy gives their names and meaning.</summary>
/// <remarks>
/// The mathematics is written once, in double, on spans in row order; float32 is rounded at the end. Matrices are copied to
/// the plan's memory before, and results from there.
/// </remarks>
public abstract record MatrixOp : Op, IFloatingKernel
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        for (int i = 0; i < inputs.Count; i++)
        {
            inputs.RequireFloating(i);
            inputs.RequireSameType(0, i);
            SymbolicShape shape = inputs.Shape(i), first = inputs.Shape(0);
            if (shape.Rank < 2 || shape.Rank != first.Rank || !shape.Take(shape.Rank - 2).SequenceEqual(first.Take(shape.Rank - 2)))
            {
                throw inputs.Fail($"shapes {first} and {shape}", "matrices with the same axes before them");
            }
        }

        SymbolicShape a = inputs.Shape(0);
        Dim[] batch = [.. a.Take(a.Rank - 2)];
        return [.. Results(inputs, a[-2], a[-1]).Select(r => new TensorType(r.DType, new SymbolicShape([.. batch, .. r.Shape])))];
    }

    internal sealed override CpuKernel Bind(CpuBinding binding) => binding.Floating(this);

    CpuKernel IFloatingKernel.Make<T>(CpuBinding binding)
    {
        Slot a = binding.Input(0);
        int rank = a.Shape.Rank, count = a.Shape.Product(0, rank - 2), rows = a.Shape[-2], columns = a.Shape[-1];
        int right = binding.Has(1) ? binding.Input(1).Shape[-1] : 0;
        if (binding.Has(1) && binding.Input(1).Shape[-2] != rows)
        {
            throw new ArgumentException($"Matrices {a.Shape} and right sides {binding.Input(1).Shape} have not as many rows.");
        }

        (Slot Slot, Slot Wide)[] inputs = [.. Enumerable.Range(0, binding.InputCount).Select(i => Wide(binding, binding.Input(i), count))];
        (Slot Slot, Slot Wide)[] outputs = [.. Enumerable.Range(0, binding.OutputCount).Select(i => Wide(binding, binding.Output(i), count))];
        Slot memory = binding.Workspace(DType.Float64, Memory(rows, columns, right));
        return frame =>
        {
            for (int i = 0; i < count; i++)
            {
                foreach ((Slot slot, Slot wide) in inputs)
                {
                    Convert(frame.Span<T>(slot).Slice(i * wide.Length, wide.Length), frame.Span<double>(wide));
                }

                Compute(new MatrixSpans(frame, inputs, outputs, memory, rows, columns, right));
                foreach ((Slot slot, Slot wide) in outputs)
                {
                    ReadOnlySpan<double> result = frame.Span<double>(wide);
                    if (slot.DType == DType.Int32)
                    {
                        Convert(result, frame.Span<int>(slot).Slice(i * wide.Length, wide.Length));
                    }
                    else
                    {
                        Convert(result, frame.Span<T>(slot).Slice(i * wide.Length, wide.Length));
                    }
                }
            }
        };
    }

    /// <summary>Element types and shapes of the results for one matrix.</summary>
    private protected abstract IReadOnlyList<TensorType> Results(OpInference inputs, Dim rows, Dim columns);

    /// <summary>Numbers that <see cref="Compute"/> needs to remember.</summary>
    /// <param name="rows">Rows of the first input.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="right">Columns of the second input.</param>
    private protected virtual int Memory(int rows, int columns, int right) => 0;

    /// <summary>Computes the results for one matrix.</summary>
    private protected abstract void Compute(MatrixSpans m);

    private protected static void RequireSquare(OpInference inputs)
    {
        SymbolicShape a = inputs.Shape(0);
        if (a[-1].IsConstant && a[-2].IsConstant && a[-1] != a[-2])
        {
            throw inputs.Fail($"matrices {a}", "square matrices");
        }
    }

    private static (Slot Slot, Slot Wide) Wide(CpuBinding binding, Slot slot, int count) =>
        (slot, binding.Workspace(DType.Float64, count == 0 ? 0 : slot.Length / count));

    private static void Convert<TFrom, TTo>(ReadOnlySpan<TFrom> x, Span<TTo> y)
        where TFrom : INumber<TFrom>
        where TTo : INumber<TTo>
    {
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = TTo.CreateTruncating(x[i]);
        }
    }
}

/// <summary>One matrix of each input and output, in double and in row order.</summary>
internal readonly ref struct MatrixSpans
{
    private readonly CpuFrame _frame;
    private readonly (Slot Slot, Slot Wide)[] _inputs;
    private readonly (Slot Slot, Slot Wide)[] _outputs;

    public MatrixSpans(CpuFrame frame, (Slot Slot, Slot Wide)[] inputs, (Slot Slot, Slot Wide)[] outputs, Slot memory, int rows, int columns, int right)
    {
        _frame = frame;
        _inputs = inputs;
        _outputs = outputs;
        Memory = frame.Span<double>(memory);
        Rows = rows;
        Columns = columns;
        Right = right;
    }

    /// <summary>Rows of the first input.</summary>
    public int Rows { get; }

    /// <summary>Columns of the first input.</summary>
    public int Columns { get; }

    /// <summary>Columns of the second input.</summary>
    public int Right { get; }

    /// <summary>What the operator asked for.</summary>
    public Span<double> Memory { get; }

    /// <summary>The first input; it may be overwritten.</summary>
    public Span<double> A => _frame.Span<double>(_inputs[0].Wide);

    /// <summary>The second input; it may be overwritten.</summary>
    public Span<double> B => _frame.Span<double>(_inputs[1].Wide);

    public Span<double> Output(int index) => _frame.Span<double>(_outputs[index].Wide);
}
