using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>Builds a <see cref="Graph"/>: applies operators, infers shapes and folds what is constant.</summary>
/// <remarks>Each operator's file adds a method that applies it: <c>g.MatMul(x, kernel)</c>.</remarks>
public sealed partial class GraphBuilder
{
    /// <summary>Results larger than this many elements are left to the run, so that graphs stay small.</summary>
    private const int LargestFolded = 1 << 16;

    private readonly Dictionary<Weight, Value> _weights = [];
    private readonly List<Value> _inputs = [];
    private readonly Stack<string> _scopes = new();
    private readonly List<(StateVariable Variable, Value Previous, Value? Next)> _states = [];
    private readonly Dictionary<string, int> _symbols = [];
    private int _steps;

    /// <summary>The layer whose nodes are being added: <c>encoder/lstm_1</c>.</summary>
    public string Scope => _scopes.TryPeek(out string? scope) ? scope : string.Empty;

    /// <summary>The largest number of layers entered and operators applied: a few nested models, each called twice, make millions.</summary>
    public int MaxSteps { get; init; } = int.MaxValue;

    /// <summary>Stops the building: asked at each step.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Enters a layer; dispose the result to leave it.</summary>
    /// <exception cref="ResourceLimitException">It is one step more than <see cref="MaxSteps"/>.</exception>
    public IDisposable Enter(string name)
    {
        CountStep();
        _scopes.Push(_scopes.TryPeek(out string? outer) ? $"{outer}/{name}" : name);
        return new ScopeEnd(_scopes);
    }

    /// <summary>Adds an input.</summary>
    public Value Input(string name, DType dtype, SymbolicShape shape)
    {
        var value = new Value(new TensorType(dtype, shape)) { Name = name };
        _inputs.Add(value);
        return value;
    }

    /// <summary>A constant.</summary>
    public Value Constant(Tensor tensor) => new(new TensorType(tensor.DType, tensor.Shape)) { Constant = tensor };

    /// <summary>A constant of rank 0 of a numeric type.</summary>
    public Value Scalar(double value, DType dtype) => Constant(Tensor.Scalar(value).Cast(dtype));

    /// <summary>A constant vector of int64.</summary>
    public Value Vector(params IEnumerable<long> values)
    {
        long[] array = [.. values];
        return Constant(Tensor.From(array, array.Length));
    }

    /// <summary>A weight; the same value for every use.</summary>
    public Value Weight(Weight weight)
    {
        if (!_weights.TryGetValue(weight, out Value? value))
        {
            value = new Value(new TensorType(weight.DType, weight.Shape)) { Weight = weight, Name = weight.Path };
            _weights.Add(weight, value);
        }

        return value;
    }

    /// <summary>Reads a state as the previous call left it, or as an earlier part of this call wrote it.</summary>
    public Value ReadState(StateVariable variable)
    {
        int index = _states.FindIndex(s => s.Variable == variable);
        if (index >= 0)
        {
            return _states[index].Next ?? _states[index].Previous;
        }

        var value = new Value(new TensorType(variable.DType, variable.Shape)) { State = variable, Name = variable.Name };
        _states.Add((variable, value, null));
        return value;
    }

    /// <summary>Sets what the next call will read.</summary>
    public void WriteState(StateVariable variable, Value next)
    {
        ReadState(variable);
        int index = _states.FindIndex(s => s.Variable == variable);
        _states[index] = (variable, _states[index].Previous, next);
    }

    /// <summary>A new symbol, unlike all others of this graph.</summary>
    public Dim FreshSymbol(string prefix)
    {
        int number = _symbols.GetValueOrDefault(prefix);
        _symbols[prefix] = number + 1;
        return Dim.Symbol(number == 0 ? prefix : $"{prefix}_{number}");
    }

    /// <summary>Applies an operator of one output.</summary>
    public Value Apply(Op op, params IReadOnlyList<Value?> inputs) => ApplyAll(op, inputs)[0];

    /// <summary>Applies an operator.</summary>
    /// <exception cref="ModelFormatException">The inputs do not fit the operator.</exception>
    /// <exception cref="ResourceLimitException">It is one step more than <see cref="MaxSteps"/>.</exception>
    public IReadOnlyList<Value> ApplyAll(Op op, params IReadOnlyList<Value?> inputs)
    {
        string scope = Scope;
        CountStep();
        var node = new Node(op, inputs, scope);
        var inference = new OpInference(inputs, node.ToString(), FreshSymbol);
        IReadOnlyList<TensorType> types = op.Infer(inference);
        if (Folds(op, inputs, types))
        {
            return [.. NodeRunner.Run(op, [.. inputs.Select(i => i?.Constant)], types).Select(Constant)];
        }

        IReadOnlyList<Dim>? content = op.InferContent(inference);
        if (content is not null && content.All(d => d.IsConstant))
        {
            Shape shape = types[0].Shape.Evaluate(new Dictionary<string, int>());
            var tensor = new Tensor<long>(content.Select(d => (long)d.Value).ToArray(), shape);
            return [Constant(tensor.Cast(types[0].DType))];
        }

        node.Outputs = [.. types.Select((type, i) => new Value(type) { Producer = node, OutputIndex = i, Content = i == 0 ? content : null })];
        return node.Outputs;
    }

    /// <summary>Ends the building.</summary>
    public Graph Build(IReadOnlyList<Value> outputs) => Build(_inputs, outputs);

    /// <summary>Ends the building, with the inputs in an order of the caller's.</summary>
    public Graph Build(IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs) =>
        new(inputs, outputs, [.. _states.Where(s => s.Next is not null).Select(s => new StateUpdate(s.Variable, s.Previous, s.Next!))]);

    private void CountStep()
    {
        CancellationToken.ThrowIfCancellationRequested();
        if (++_steps > MaxSteps)
        {
            throw new ResourceLimitException(Scope, $"more than {MaxSteps} calls of layers and operators", $"at most {MaxSteps}", "raise ReadLimits.MaxOperators if the model is trusted");
        }
    }

    private static bool Folds(Op op, IReadOnlyList<Value?> inputs, IReadOnlyList<TensorType> types) =>
        !op.IsDynamic
        && inputs.All(i => i is null || i.Constant is not null)
        && types.All(t => t.Shape.IsConstant && t.Shape.ElementCount.Value <= LargestFolded);

    private sealed class ScopeEnd(Stack<string> scopes) : IDisposable
    {
        public void Dispose() => scopes.Pop();
    }
}
