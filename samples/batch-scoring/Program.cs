// Scores a CSV file of any size, however little memory there is: rows are read, predicted and written batch by batch, in buffers that are
// made once. Run it: dotnet run -c Release --project samples/batch-scoring -- MODEL IN.csv OUT.csv
using System.Diagnostics;
using System.Globalization;
using KerasCompat;
using KerasCompat.Runtime;

const int Batch = 256;
if (args is not [string file, string input, string output])
{
    Console.Error.WriteLine("batch-scoring MODEL IN.csv OUT.csv");
    return 2;
}

using KerasModel model = KerasModel.Load(file);
int columns = RowLength(model.Inputs.Single().Type), results = RowLength(model.Outputs.Single().Type);
int[] rowShape = [.. model.Inputs[0].Type.Shape.Skip(1).Select(d => d.Value)];
var values = new float[Batch * columns];
var predicted = new float[Batch * results];
var cells = new char[64];
long rows = 0;
var watch = Stopwatch.StartNew();
string temporary = output + ".part";
using (var reader = new StreamReader(input))
using (var writer = new StreamWriter(temporary))
{
    int filled = 0;
    while (reader.ReadLine() is { } line)
    {
        Parse(line, values.AsSpan(filled++ * columns, columns), ++rows);
        if (filled == Batch)
        {
            Score(writer, filled);
            filled = 0;
        }
    }

    if (filled > 0)
    {
        Score(writer, filled);
    }
}

// The file has its name only once it is whole.
File.Move(temporary, output, overwrite: true);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows} rows in {watch.Elapsed.TotalSeconds:0.0} s, {rows / watch.Elapsed.TotalSeconds:0} a second"));
return 0;

static int RowLength(TensorType type) => type.Shape.Skip(1).Aggregate(1, (length, size) => length * size.Value);

void Parse(string line, Span<float> row, long number)
{
    int column = 0;
    foreach (System.Range cell in line.AsSpan().Split(','))
    {
        if (column == row.Length || !float.TryParse(line.AsSpan()[cell], NumberStyles.Float, CultureInfo.InvariantCulture, out row[column++]))
        {
            throw new InvalidDataException($"{input}:{number}: \"{line[cell]}\" in column {column}; expected {row.Length} numbers");
        }
    }

    if (column < row.Length)
    {
        throw new InvalidDataException($"{input}:{number}: {column} columns; expected {row.Length}");
    }
}

void Score(StreamWriter writer, int count)
{
    Span<float> scores = predicted.AsSpan(0, count * results);
    model.Predict(values.AsSpan(0, count * columns), new Shape([count, .. rowShape]), scores);
    for (int i = 0; i < scores.Length; i++)
    {
        scores[i].TryFormat(cells, out int written, default, CultureInfo.InvariantCulture);
        writer.Write(cells, 0, written);
        writer.Write((i + 1) % results == 0 ? '\n' : ',');
    }
}
