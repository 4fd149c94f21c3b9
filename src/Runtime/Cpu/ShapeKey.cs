namespace KerasCompat.Runtime.Cpu;

/// <summary>The shapes of a call's inputs, by which plans are found.</summary>
internal readonly record struct ShapeKey(Shape[] Shapes)
{
    public bool Equals(ShapeKey other) => Shapes.AsSpan().SequenceEqual(other.Shapes);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (Shape shape in Shapes)
        {
            hash.Add(shape);
        }

        return hash.ToHashCode();
    }
}
