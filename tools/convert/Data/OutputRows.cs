using System.Globalization;
using KerasCompat.Runtime;
using Newtonsoft.Json;

namespace KerasCompat.Convert.Data;

/// <summary>Takes a model's outputs batch by batch. A file has its final name only once it is complete.</summary>
internal interface IOutputRows : IDisposable
{
    void Write(IReadOnlyList<Tensor> outputs);

    /// <summary>Gives the file its name.</summary>
    /// <exception cref="OperationCanceledException">It is no longer wanted.</exception>
    void Complete(CancellationToken cancellation);
}

/// <summary>Creates output files by extension.</summary>
internal static class OutputRows
{
    /// <exception cref="ArgumentException">The extension is unknown, or cannot hold several outputs.</exception>
    public static IOutputRows Create(string path, IReadOnlyList<string> names) => path == "-"
        ? new TextRows(Console.Out, null, names, csv: false)
        : Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".npy" or ".npz" => new ArrayRows(path, names),
            ".csv" => TextRows.ToFile(path, names, csv: true),
            ".json" => TextRows.ToFile(path, names, csv: false),
            var other => throw new ArgumentException($"\"{path}\": outputs are .npy, .npz, .csv, .json or -, not \"{other}\"."),
        };
}

/// <summary>Gathers arrays and writes them as .npy or .npz.</summary>
internal sealed class ArrayRows(string path, IReadOnlyList<string> names) : IOutputRows
{
    private readonly List<IReadOnlyList<Tensor>> _batches = [];

    public void Write(IReadOnlyList<Tensor> outputs) => _batches.Add(outputs);

    public void Complete(CancellationToken cancellation)
    {
        Tensor[] all = [.. names.Select((_, i) => Tensor.Stack([.. _batches.Select(b => b[i])]))];
        if (Path.GetExtension(path).Equals(".npz", StringComparison.OrdinalIgnoreCase))
        {
            Npz.Write(path, names.Zip(all, KeyValuePair.Create), cancellationToken: cancellation);
        }
        else if (all.Length == 1)
        {
            Npy.Write(path, all[0], cancellation);
        }
        else
        {
            throw new ArgumentException($"\"{path}\": a .npy holds one array; the model has outputs {string.Join(", ", names)}. Write a .npz.");
        }
    }

    public void Dispose()
    {
    }
}

/// <summary>Writes rows as text while they come: CSV lines, or a JSON object of one list an output (one line a row on the terminal).</summary>
internal sealed class TextRows : IOutputRows
{
    private readonly TextWriter _writer;
    private readonly (string Temporary, string Final)? _file;
    private readonly IReadOnlyList<string> _names;
    private readonly bool _csv;
    private bool _first = true;

    public TextRows(TextWriter writer, (string Temporary, string Final)? file, IReadOnlyList<string> names, bool csv)
    {
        _writer = writer;
        _file = file;
        _names = names;
        _csv = csv;
    }

    public static TextRows ToFile(string path, IReadOnlyList<string> names, bool csv)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}.part";
        return new TextRows(new StreamWriter(temporary), (temporary, path), names, csv);
    }

    public void Write(IReadOnlyList<Tensor> outputs)
    {
        int rows = outputs[0].Shape[0];
        for (int row = 0; row < rows; row++)
        {
            if (_csv)
            {
                _writer.WriteLine(string.Join(',', outputs.SelectMany(o => Numbers(o.Rows(row, 1)))));
                continue;
            }

            // JSON lists of rows when writing a file, one line a row on the terminal: both can be read while they grow.
            _writer.Write(_file is null ? string.Empty : _first ? "[\n" : ",\n");
            _writer.Write(Json(outputs, row));
            _writer.Write(_file is null ? "\n" : string.Empty);
            _first = false;
        }
    }

    public void Complete(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!_csv && _file is not null)
        {
            _writer.Write(_first ? "[]\n" : "\n]\n");
        }

        _writer.Flush();
        if (_file is { } file)
        {
            _writer.Dispose();
            File.Move(file.Temporary, file.Final, overwrite: true);
        }
    }

    public void Dispose()
    {
        if (_file is not { } file)
        {
            return;
        }

        try
        {
            _writer.Dispose();
        }
        catch (IOException)
        {
            // The disk is full: what failed to be written is thrown away, and the failure itself was told before.
        }
        finally
        {
            File.Delete(file.Temporary);
        }
    }

    private string Json(IReadOnlyList<Tensor> outputs, int row) => outputs.Count == 1
        ? Nested(outputs[0].Rows(row, 1))
        : $"{{{string.Join(", ", outputs.Select((o, i) => $"{JsonConvert.ToString(_names[i])}: {Nested(o.Rows(row, 1))}"))}}}";

    private static string Nested(Tensor row)
    {
        string[] items = [.. Numbers(row)];
        for (int axis = row.Shape.Rank - 1; axis >= 1; axis--)
        {
            items = [.. items.Chunk(Math.Max(row.Shape[axis], 1)).Select(c => $"[{string.Join(", ", c)}]")];
        }

        return items.Length == 1 ? items[0] : "[]";
    }

    private static IEnumerable<string> Numbers(Tensor tensor) => tensor switch
    {
        Tensor<string> text => text.ToArray().Select(JsonConvert.ToString),
        { DType: DType.Float32 } => tensor.As<float>().ToArray().Select(v => v.ToString("R", CultureInfo.InvariantCulture)),
        _ => tensor.Cast(DType.Float64).As<double>().ToArray().Select(v => v.ToString("R", CultureInfo.InvariantCulture)),
    };
}
