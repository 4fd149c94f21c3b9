using KerasCompat.Onnx.Building;
using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Export;

/// <summary>A node on its way to ONNX: its inputs by name, and where its outputs are named.</summary>
internal sealed class NodeExport(GraphExport graph, Node node)
{
    /// <summary>The graph under way.</summary>
    public GraphExport Graph => graph;

    /// <summary>Takes the nodes.</summary>
    public OnnxGraphBuilder Onnx => graph.Onnx;

    /// <summary>The node.</summary>
    public Node Node => node;

    /// <summary>The node's first result.</summary>
    public Value Result => node.Outputs[0];

    /// <summary>The element type of the first result.</summary>
    public DType DType => node.Outputs[0].DType;

    /// <summary>Number of inputs, absent ones included.</summary>
    public int Count => node.Inputs.Count;

    /// <summary>True where an input is present.</summary>
    public bool Has(int input) => input < node.Inputs.Count && node.Inputs[input] is not null;

    /// <summary>An input.</summary>
    public Value Value(int input) => node.Inputs[input]!;

    /// <summary>The name of an input with its axes in their own order.</summary>
    public string In(int input) => graph.Name(Value(input));

    /// <summary>The name of an input with its axes in some order.</summary>
    public string In(int input, IReadOnlyList<int> order) => graph.Name(Value(input), order);

    /// <summary>The name of an input, or null where it is absent.</summary>
    public string? Optional(int input) => Has(input) ? In(input) : null;

    /// <summary>The names of all inputs with their axes in their own order.</summary>
    public string[] All() => [.. Enumerable.Range(0, Count).Select(In)];

    /// <summary>The order in which an input was computed.</summary>
    public int[] Order(int input) => graph.OrderOf(Value(input));

    /// <summary>Names the first result.</summary>
    public void Out(string name, IReadOnlyList<int>? order = null) => graph.Define(Result, name, order);

    /// <summary>Names a result.</summary>
    public void Out(int output, string name, IReadOnlyList<int>? order = null) => graph.Define(node.Outputs[output], name, order);

    /// <summary>Writes nodes of the graph's own operators, and gives the name of what they compute.</summary>
    public string Write(Func<GraphBuilder, Value> build) => graph.Name(Lower(build));

    /// <summary>Writes nodes of the graph's own operators.</summary>
    public Value Lower(Func<GraphBuilder, Value> build)
    {
        using IDisposable scope = graph.Builder.Enter(node.Scope);
        Value value = build(graph.Builder);
        graph.Write(value);
        return value;
    }

    /// <summary>Writes the activation that a pass put into this node.</summary>
    public string Activated(string sum, Op? activation, IReadOnlyList<int> order)
    {
        if (activation is null)
        {
            return sum;
        }

        Value before = new(Result.Type);
        graph.Define(before, sum, order);
        Value after = Lower(g => g.Apply(activation, before));
        return graph.Name(after, order);
    }

    /// <summary>Sizes as a vector of int64.</summary>
    public string Sizes(SymbolicShape shape) => graph.Sizes(shape);

    /// <summary>
    /// Writes an operator that works element by element, with broadcasting, on its inputs in an order of axes in which the largest is at
    /// hand, so that no transposition is needed.
    /// </summary>
    public void Elementwise(Func<string[], string> write)
    {
        int[] order = CommonOrder();
        Out(write([.. Enumerable.Range(0, Count).Select(i => Broadcast(i, order))]), order);
    }

    /// <summary>Writes an operator that works element by element.</summary>
    public void Elementwise(string op, params (string Name, object Value)[] attributes) => Elementwise(x => Onnx.Add(op, x, attributes));

    private int[] CommonOrder()
    {
        int rank = Result.Rank;
        IEnumerable<int> computed = Enumerable.Range(0, Count).Where(i => Value(i).Rank == rank && graph.Stored(Value(i)) is null);
        int largest = computed.OrderByDescending(i => Value(i).Shape.Equals(Result.Shape)).FirstOrDefault(-1);
        int[] order = largest < 0 ? AxisOrder.Own(rank) : Order(largest);
        bool all = Enumerable.Range(0, Count).All(i => Value(i).Rank == rank || IsOne(i) || graph.Stored(Value(i)) is not null);
        return all ? order : AxisOrder.Own(rank);
    }

    private bool IsOne(int input) => Value(input).Shape.ElementCount == Dim.One;

    /// <summary>The name of an input whose axes broadcast to the result's in an order.</summary>
    private string Broadcast(int input, int[] order)
    {
        Value value = Value(input);
        if (AxisOrder.IsOwn(order) || IsOne(input))
        {
            return In(input);
        }

        // An axis of size 1 for each that is missing, so that there is something to put in order.
        Value whole = value.Rank == order.Length
            ? value
            : Lower(g => g.Reshape(value, new SymbolicShape([.. Enumerable.Repeat(Dim.One, order.Length - value.Rank), .. value.Shape])));
        return graph.Name(whole, order);
    }
}
