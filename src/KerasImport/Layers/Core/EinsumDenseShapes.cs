using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The shapes of an EinsumDense's weights, which follow from its equation, its input and its output shape.</summary>
internal sealed class EinsumDenseShapes
{
    /// <summary>Stands for an axis of the ellipsis in the letters of input and result.</summary>
    private const char Elided = '.';

    private readonly string _input;
    private readonly string _kernel;
    private readonly string _output;

    private EinsumDenseShapes(string input, string kernel, string output)
    {
        _input = input;
        _kernel = kernel;
        _output = output;
    }

    /// <summary>A size for each letter of the second operand.</summary>
    public required IReadOnlyList<Dim> Kernel { get; init; }

    /// <summary>A size for each bias axis, 1 for axes between them.</summary>
    public required IReadOnlyList<Dim> Bias { get; init; }

    /// <summary>The axes of the input that the result lacks.</summary>
    public int[] SummedAxes => [.. Enumerable.Range(0, _input.Length).Where(i => !_output.Contains(_input[i]))];

    /// <summary>The first axis of the kernel that the result lacks.</summary>
    public int SummedKernelAxis => Math.Max(0, _kernel.IndexOfAny([.. _kernel.Except(_output)]));

    /// <summary>The shapes; null where the equation does not fit.</summary>
    /// <param name="equation"><c>ab,bc->ac</c>, with <c>...</c> before or after the letters of input and result.</param>
    /// <param name="biasAxes">Letters of the result that the bias has.</param>
    /// <param name="input">The input's shape.</param>
    /// <param name="outputShape">The result's sizes without batch axis and ellipsis; null where the input tells.</param>
    public static EinsumDenseShapes? Of(string equation, string biasAxes, SymbolicShape input, IReadOnlyList<int?> outputShape)
    {
        if (equation.Split("->") is not [var left, var right] || left.Split(',') is not [var first, var kernel])
        {
            return null;
        }

        int letters = first.Count(char.IsLetter);
        if (letters > input.Rank)
        {
            return null;
        }

        string elided = new(Elided, input.Rank - letters);
        string x = first.Replace("...", elided, StringComparison.Ordinal), y = right.Replace("...", elided, StringComparison.Ordinal);
        // The first axis is the batch's, of which output_shape says nothing; the sizes of a leading ellipsis it leaves out too.
        int skipped = y.StartsWith(Elided) ? elided.Length : 1;
        if (x.Length != input.Rank)
        {
            return null;
        }

        Dim? OutputSize(int axis) => axis >= skipped && axis - skipped < outputShape.Count && outputShape[axis - skipped] is { } size ? size
            : y[axis] != Elided && x.IndexOf(y[axis]) is var same and >= 0 ? input[same]
            : null;

        Dim? KernelSize(char letter) => x.IndexOf(letter) is var at and >= 0 ? input[at]
            : y.IndexOf(letter) is var to and >= 0 ? OutputSize(to)
            : null;

        int firstBias = biasAxes.Length == 0 ? y.Length : biasAxes.Min(b => y.IndexOf(b));
        if (firstBias < 0)
        {
            return null;
        }

        Dim?[] kernelSizes = [.. kernel.Select(KernelSize)];
        Dim?[] biasSizes = [.. Enumerable.Range(firstBias, y.Length - firstBias).Select(axis => biasAxes.Contains(y[axis]) ? OutputSize(axis) : Dim.One)];
        return kernelSizes.Any(d => d is null) || biasSizes.Any(d => d is null)
            ? null
            : new EinsumDenseShapes(x, kernel, y) { Kernel = [.. kernelSizes!], Bias = [.. biasSizes!] };
    }

    /// <summary>How many elements of the kernel are summed over for one element of the result.</summary>
    public int Rows(int[] kernel) => kernel.Where((_, i) => !_output.Contains(_kernel[i])).Aggregate(1, (a, b) => a * b);

    /// <summary>The shape of a quantized kernel's scale: the kernel's sizes in the layout of the result.</summary>
    public IEnumerable<int> KernelScale(int[] kernel) => _output.Select(letter => _kernel.IndexOf(letter) is var at and >= 0 ? kernel[at] : 1);

    /// <summary>A scale of the input, which has size 1 on the summed axes, in the layout of the result.</summary>
    public Value ToOutput(GraphBuilder g, Value scale)
    {
        // Axes of the ellipsis keep their order, and there are as many in both.
        var order = new List<int>();
        var dims = new List<Dim>();
        int ellipsis = _input.IndexOf(Elided);
        foreach (char letter in _output)
        {
            int axis = letter == Elided ? ellipsis++ : _input.IndexOf(letter);
            dims.Add(axis < 0 ? Dim.One : scale.Shape[axis]);
            if (axis >= 0)
            {
                order.Add(axis);
            }
        }

        Value permuted = g.Transpose(scale, [.. order, .. Enumerable.Range(0, scale.Rank).Except(order)]);
        return g.Reshape(permuted, new SymbolicShape(dims));
    }
}
