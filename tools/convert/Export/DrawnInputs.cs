using KerasCompat.Runtime;

namespace KerasCompat.Convert.Export;

/// <summary>Inputs made up for a model: numbers around zero, indices that its embeddings have, words that its vocabularies have, rows padded before, behind and between.</summary>
internal sealed class DrawnInputs(KerasModel model, IReadOnlyDictionary<string, int> known, int seed = 1, CancellationToken cancellation = default)
{
    /// <summary>Sizes tried for what a call decides, besides the batch, until the model takes them.</summary>
    private static readonly int[] Lengths = [7, 12, 33, 75, 224, 5, 3, 2, 1];

    private readonly int _indices = Smallest(model);
    private readonly string[] _words = [.. model.Graph.Nodes.Select(n => n.Op).OfType<LookupText>().SelectMany(l => l.Table.Entries.Keys.Order(StringComparer.Ordinal).Take(100))];
    private readonly bool _cutsTexts = model.Graph.Nodes.Any(n => n.Op is SplitText or SplitTextToLongest);

    /// <summary>Inputs and what the model predicts for them, for several batches and lengths that it takes.</summary>
    /// <exception cref="ArgumentException">The model takes none of the sizes tried.</exception>
    public IReadOnlyList<(Tensor[] Inputs, Tensor[] Outputs)> Calls(int count)
    {
        var calls = new List<(Tensor[], Tensor[])>();
        var lengths = new Queue<int>(Lengths);
        Exception? last = null;
        while (calls.Count < count && lengths.TryDequeue(out int length))
        {
            Tensor[] inputs = Draw(batch: 4 - (calls.Count % 2), length, seed + calls.Count);
            if (Predicted(inputs, out Exception? failure) is { } outputs)
            {
                calls.Add((inputs, outputs));
                lengths.Enqueue(length);
            }

            last = failure ?? last;
        }

        return calls.Count > 0 ? calls : throw new ArgumentException($"The model takes none of the inputs drawn for it: {last?.Message} Give vectors with --vectors, or --no-verify.");
    }

    /// <summary>Inputs of a batch size, for the first length that the model takes.</summary>
    /// <param name="model">The model.</param>
    /// <param name="batch">The batch size, unless <paramref name="known"/> has one.</param>
    /// <param name="known">Sizes by the symbol they stand for.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="ArgumentException">The model takes none of the sizes tried.</exception>
    /// <exception cref="OperationCanceledException">They are no longer wanted.</exception>
    public static Tensor[] ThatFit(KerasModel model, int batch, IReadOnlyDictionary<string, int> known, CancellationToken cancellation)
    {
        var drawn = new DrawnInputs(model, known, cancellation: cancellation);
        Exception? last = null;
        foreach (int length in (int[])[128, .. Lengths])
        {
            Tensor[] inputs = drawn.Draw(batch, length);
            if (drawn.Predicted(inputs, out Exception? failure) is not null)
            {
                return inputs;
            }

            last = failure;
        }

        throw new ArgumentException($"The model takes none of the inputs drawn for it: {last?.Message}");
    }

    /// <summary>Inputs of a size.</summary>
    public Tensor[] Draw(int batch, int length) => Draw(batch, length, seed);

    private Tensor[] Draw(int batch, int length, int seed)
    {
        var random = new Random(seed);
        return [.. model.Graph.Inputs.Select((input, i) => i > 0 && input.Name == RaggedTensor.LengthsOf(model.Graph.Inputs[i - 1].Name!)
            ? Tensor.From([.. Enumerable.Range(0, batch).Select(row => row == 0 ? length : random.NextInt64(length + 1))], batch)
            : Draw(input, batch, length, random))];
    }

    private Tensor[]? Predicted(Tensor[] inputs, out Exception? failure)
    {
        failure = null;
        try
        {
            return model.Predict(inputs, new RecurrentState(), cancellation);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or KerasCompatException or OverflowException)
        {
            failure = e;
            return null;
        }
    }

    private Tensor Draw(Value input, int batch, int length, Random random)
    {
        var shape = new Shape([.. input.Shape.Select(d => d.ValueOrNull ?? known.GetValueOrDefault(d.ToString(), d.SymbolName == "batch" ? batch : length))]);
        if (input.DType == DType.String)
        {
            return new Tensor<string>(Enumerable.Range(0, shape.ElementCount).Select(_ => Text(random)).ToArray(), shape);
        }

        double[] values = [.. Enumerable.Range(0, shape.ElementCount).Select(_ => IsIndices(input) ? random.Next(_indices) : Normal(random))];
        if (shape.Rank >= 2)
        {
            Pad(values, shape[0], shape[1], shape.ElementCount / Math.Max(shape[0] * shape[1], 1));
        }

        return new Tensor<double>(values, shape).Cast(input.DType);
    }

    /// <summary>A word of the model's vocabularies; several, or an unknown one, where the model cuts texts into words.</summary>
    private string Text(Random random)
    {
        if (_words.Length == 0)
        {
            return new string((char)('a' + random.Next(4)), random.Next(4));
        }

        IEnumerable<string> words = Enumerable.Range(0, _cutsTexts ? random.Next(1, 6) : 1).Select(_ => _words[random.Next(_words.Length)]);
        return string.Join(' ', _cutsTexts ? words.Append("unknown") : words);
    }

    private bool IsIndices(Value input) => !input.DType.IsFloating() || _indices < int.MaxValue;

    /// <summary>Steps of zeros: behind in the first row, before in the second, between in the third, all of the fourth.</summary>
    private static void Pad(double[] values, int rows, int steps, int size)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int step = 0; step < steps; step++)
            {
                bool padded = (row % 4) switch { 0 => step > steps * 2 / 3, 1 => step < steps / 3, 2 => step % 3 == 1, _ => true };
                if (padded && steps > 2)
                {
                    values.AsSpan(((row * steps) + step) * size, size).Clear();
                }
            }
        }
    }

    /// <summary>So many indices are valid for every embedding; a few where there is none.</summary>
    private static int Smallest(KerasModel model)
    {
        int smallest = model.Weights.Where(w => w.Name == "embeddings" && w.Shape.Rank == 2).Select(w => w.Shape[0]).Append(int.MaxValue).Min();
        return smallest < int.MaxValue ? Math.Min(smallest, 1000) : model.Graph.Inputs.All(i => i.DType.IsFloating()) ? int.MaxValue : 3;
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
