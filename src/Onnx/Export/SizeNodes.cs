using KerasCompat.Onnx.Building;
using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Export;

/// <summary>Sizes that a call decides, computed by nodes: each is a vector of one int64.</summary>
internal sealed class SizeNodes(OnnxGraphBuilder onnx, Func<string, string> symbol) : IDimArithmetic<string>
{
    private readonly Dictionary<(string, string, string), string> _known = [];

    /// <summary>A size.</summary>
    public string Of(Dim dim) => dim.Compute(this);

    /// <summary>The sizes of a shape as one vector.</summary>
    public string Of(SymbolicShape shape)
    {
        if (shape.IsConstant)
        {
            return onnx.Vector(shape.Select(d => (long)d.Value));
        }

        if (shape.Rank == 1)
        {
            return Of(shape[0]);
        }

        // Runs of known sizes are one constant.
        var parts = new List<string>();
        var run = new List<long>();
        foreach (Dim dim in shape)
        {
            if (dim.IsConstant)
            {
                run.Add(dim.Value);
                continue;
            }

            EndRun();
            parts.Add(Of(dim));
        }

        EndRun();
        return Once("Concat", string.Join('\0', parts), string.Empty, () => onnx.Add("Concat", [.. parts], ("axis", 0)));

        void EndRun()
        {
            if (run.Count > 0)
            {
                parts.Add(onnx.Vector(run));
                run = [];
            }
        }
    }

    string IDimArithmetic<string>.Constant(long value) => onnx.Vector(value);

    string IDimArithmetic<string>.Symbol(string name) => symbol(name);

    string IDimArithmetic<string>.Add(string a, string b) => Node("Add", a, b);

    string IDimArithmetic<string>.Multiply(string a, string b) => Node("Mul", a, b);

    // Sizes are not negative, so ONNX's Div, which rounds toward zero, rounds down; only windows over an empty axis have a negative one.
    string IDimArithmetic<string>.FloorDivide(string a, string b) => Node("Div", a, b);

    string IDimArithmetic<string>.CeilDivide(string a, string b) => Node("Div", Node("Sub", Node("Add", a, b), onnx.Vector(1)), b);

    string IDimArithmetic<string>.Max(string a, string b) => Node("Max", a, b);

    string IDimArithmetic<string>.Min(string a, string b) => Node("Min", a, b);

    private string Node(string op, string a, string b) => Once(op, a, b, () => onnx.Add(op, a, b));

    private string Once(string op, string a, string b, Func<string> make)
    {
        if (!_known.TryGetValue((op, a, b), out string? name))
        {
            name = make();
            _known.Add((op, a, b), name);
        }

        return name;
    }
}
