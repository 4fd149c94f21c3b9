namespace KerasCompat.Runtime;

/// <summary>What an operator sees of its inputs while shapes are inferred.</summary>
public sealed class OpInference
{
    private readonly IReadOnlyList<Value?> _inputs;
    private readonly string _place;
    private readonly Func<string, Dim> _freshSymbol;

    internal OpInference(IReadOnlyList<Value?> inputs, string place, Func<string, Dim> freshSymbol)
    {
        _inputs = inputs;
        _place = place;
        _freshSymbol = freshSymbol;
    }

    /// <summary>Number of inputs, absent ones included.</summary>
    public int Count => _inputs.Count;

    /// <summary>True where an input is present.</summary>
    public bool Has(int input) => input < _inputs.Count && _inputs[input] is not null;

    /// <summary>The type of an input.</summary>
    /// <exception cref="ModelFormatException">The input is absent.</exception>
    public TensorType Type(int input) => Has(input) ? _inputs[input]!.Type : throw Fail($"{_inputs.Count} inputs", $"input {input}");

    /// <summary>The shape of an input.</summary>
    public SymbolicShape Shape(int input) => Type(input).Shape;

    /// <summary>The element type of an input.</summary>
    public DType DType(int input) => Type(input).DType;

    /// <summary>The shape of an input of texts.</summary>
    /// <exception cref="ModelFormatException">The input holds something else.</exception>
    internal SymbolicShape Texts(int input) => DType(input) == Runtime.DType.String ? Shape(input) : throw Fail(Type(input).ToString(), "text");

    /// <summary>The elements of an input as sizes, where they are known or follow from shapes.</summary>
    public IReadOnlyList<Dim>? Content(int input)
    {
        Value value = _inputs[input]!;
        if (value.Content is not null)
        {
            return value.Content;
        }

        return value.Constant is { } constant && (constant.DType.IsInteger()) && constant.Length <= 64
            ? [.. constant.Cast(Runtime.DType.Int64).As<long>().ToArray().Select(Dim.Constant)]
            : null;
    }

    /// <summary>The elements of an input, where they are known when the graph is built.</summary>
    public Tensor? Constant(int input) => Has(input) ? _inputs[input]!.Constant : null;

    /// <summary>A new size that only a run can tell.</summary>
    public Dim FreshSymbol(string prefix) => _freshSymbol(prefix);

    /// <summary>The axis counted from 0.</summary>
    /// <exception cref="ModelFormatException">The value has no such axis.</exception>
    public int Axis(int axis, int rank) => axis >= -rank && axis < rank
        ? (axis < 0 ? axis + rank : axis)
        : throw Fail($"axis {axis}", $"an axis of a value of rank {rank}");

    /// <summary>The shape that numpy's rules give for several shapes together.</summary>
    /// <exception cref="ModelFormatException">Two sizes differ and neither is 1.</exception>
    public SymbolicShape Broadcast(params IEnumerable<SymbolicShape> shapes)
    {
        SymbolicShape[] all = [.. shapes];
        int rank = all.Max(s => s.Rank);
        var dims = new Dim[rank];
        for (int i = 0; i < rank; i++)
        {
            Dim result = Dim.One;
            foreach (SymbolicShape shape in all)
            {
                int axis = i - (rank - shape.Rank);
                if (axis < 0 || shape[axis] == Dim.One || shape[axis] == result)
                {
                    continue;
                }

                // Of a known size and a symbol the known size wins: the symbol must turn out equal to it, or to 1.
                if (result == Dim.One || !result.IsConstant)
                {
                    result = result != Dim.One && !shape[axis].IsConstant ? result : shape[axis];
                }
                else if (shape[axis].IsConstant)
                {
                    throw Fail($"shapes {string.Join(" and ", all.Select(s => s.ToString()))}", "shapes that broadcast together");
                }
            }

            dims[i] = result;
        }

        return new SymbolicShape(dims);
    }

    /// <summary>The exception for inputs that do not fit.</summary>
    public ModelFormatException Fail(string found, string expected) => new(_place, found, expected);
}
