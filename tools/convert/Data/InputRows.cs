using System.Globalization;
using KerasCompat.Runtime;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Convert.Data;

/// <summary>Rows of a model's inputs, read batch by batch.</summary>
internal interface IInputRows : IDisposable
{
    /// <summary>Number of rows, where it is known before the end.</summary>
    long? Count { get; }

    /// <summary>The next rows, one tensor an input; null at the end.</summary>
    Tensor[]? Next(int rows);
}

/// <summary>Opens input files by extension.</summary>
internal static class InputRows
{
    /// <exception cref="ArgumentException">The extension is unknown, or the file does not fit the inputs.</exception>
    public static IInputRows Open(string path, IReadOnlyList<(string Name, TensorType Type)> inputs) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".npy" => new TensorRows([Npy.Read(path)]),
        ".npz" => OpenNpz(path, inputs),
        ".json" => OpenJson(path, inputs),
        ".csv" => new CsvRows(path, inputs),
        var other => throw new ArgumentException($"\"{path}\": inputs are .npy, .npz, .csv or .json, not \"{other}\"."),
    };

    private static TensorRows OpenNpz(string path, IReadOnlyList<(string Name, TensorType Type)> inputs)
    {
        using Npz npz = Npz.Open(path);
        bool named = inputs.All(i => npz.Names.Contains(i.Name));
        if (!named && npz.Names.Count != inputs.Count)
        {
            throw new ArgumentException($"\"{path}\" has members {string.Join(", ", npz.Names)}; the model's inputs are {string.Join(", ", inputs.Select(i => i.Name))}.");
        }

        return new TensorRows([.. inputs.Select((input, i) => npz[named ? input.Name : npz.Names[i]])]);
    }

    private static TensorRows OpenJson(string path, IReadOnlyList<(string Name, TensorType Type)> inputs)
    {
        using var reader = new JsonTextReader(new StreamReader(path)) { DateParseHandling = DateParseHandling.None };
        JToken json = JToken.Load(reader);
        return new TensorRows(json is JObject map
            ? [.. inputs.Select(i => Layers.JsonTensor.Read(map[i.Name] ?? throw new ArgumentException($"\"{path}\" has no input \"{i.Name}\"."), DType.Float32, path))]
            : [Layers.JsonTensor.Read(json, DType.Float32, path)]);
    }
}

/// <summary>Rows of tensors that are in memory.</summary>
internal sealed class TensorRows : IInputRows
{
    private readonly Tensor[] _tensors;
    private int _at;

    public TensorRows(Tensor[] tensors)
    {
        if (tensors.Any(t => t.Shape.Rank == 0 || t.Shape[0] != tensors[0].Shape[0]))
        {
            throw new ArgumentException($"The inputs have {string.Join(", ", tensors.Select(t => t.Shape))}; all need the same number of rows.");
        }

        _tensors = tensors;
    }

    public long? Count => _tensors[0].Shape[0];

    public Tensor[]? Next(int rows)
    {
        rows = Math.Min(rows, _tensors[0].Shape[0] - _at);
        if (rows == 0)
        {
            return null;
        }

        Tensor[] batch = [.. _tensors.Select(t => t.Rows(_at, rows))];
        _at += rows;
        return batch;
    }

    public void Dispose()
    {
    }
}

/// <summary>Rows of a CSV file: the columns of one line hold the numbers of all inputs, one after another. A first line that is no numbers is a heading.</summary>
internal sealed class CsvRows : IInputRows
{
    private readonly StreamReader _reader;
    private readonly string _path;
    private readonly (string Name, int[] Shape)[] _inputs;
    private string? _pending;
    private long _line;

    public CsvRows(string path, IReadOnlyList<(string Name, TensorType Type)> inputs)
    {
        _path = path;
        _reader = new StreamReader(path);
        _pending = Read();
        if (_pending is not null && !float.TryParse(_pending.Split(',')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out _))
        {
            _pending = Read();
        }

        int columns = _pending?.Split(',').Length ?? 0;
        _inputs = [.. inputs.Select(i => (i.Name, RowShape(i.Type.Shape, columns)))];
    }

    public long? Count => null;

    public Tensor[]? Next(int rows)
    {
        var values = _inputs.Select(_ => new List<float>()).ToArray();
        int count = 0;
        for (; count < rows && _pending is not null; count++, _pending = Read())
        {
            string[] cells = _pending.Split(',');
            int wanted = _inputs.Sum(i => i.Shape.Aggregate(1, (a, b) => a * b));
            if (cells.Length != wanted)
            {
                throw new ModelFormatException($"{_path}:{_line}", $"{cells.Length} columns", $"{wanted} for {string.Join(", ", _inputs.Select(i => i.Name))}");
            }

            int at = 0;
            for (int i = 0; i < _inputs.Length; i++)
            {
                for (int j = _inputs[i].Shape.Aggregate(1, (a, b) => a * b); j > 0; j--, at++)
                {
                    values[i].Add(float.TryParse(cells[at], NumberStyles.Float, CultureInfo.InvariantCulture, out float value)
                        ? value
                        : throw new ModelFormatException($"{_path}:{_line}", $"\"{cells[at]}\" in column {at + 1}", "a number"));
                }
            }
        }

        return count == 0 ? null : [.. _inputs.Select((input, i) => Tensor.From(values[i].ToArray(), [count, .. input.Shape]))];
    }

    public void Dispose() => _reader.Dispose();

    private string? Read()
    {
        string? line;
        do
        {
            line = _reader.ReadLine();
            _line++;
        }
        while (line is { Length: 0 });
        return line;
    }

    private static int[] RowShape(SymbolicShape shape, int columns)
    {
        Dim[] open = [.. shape.Skip(1).Where(d => !d.IsConstant)];
        int known = shape.Skip(1).Where(d => d.IsConstant).Aggregate(1, (a, d) => a * d.Value);
        return open.Length > 1
            ? throw new ArgumentException($"A CSV line cannot fill the shape {shape}: more than one size is open.")
            : [.. shape.Skip(1).Select(d => d.ValueOrNull ?? (columns / known))];
    }
}
