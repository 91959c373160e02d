//! Serde's side of the emitter.

use serde::ser::{
    self, Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct,
    SerializeStructVariant, SerializeTuple, SerializeTupleStruct, SerializeTupleVariant,
};

use super::emitter::{Emitter, Name, Open, Place, Slot};
use super::{KeyOrder, WriteError, scalar};

/// Writes one value at one place.
pub(super) struct ValueSerializer<'e, 'o, O> {
    emitter: &'e mut Emitter<'o, O>,
    place: Place,
}

/// Writes a list.
pub(super) struct ListSerializer<'e, 'o, O> {
    emitter: &'e mut Emitter<'o, O>,
    place: Place,
    empty: bool,
}

/// Writes a mapping.
pub(super) struct MappingSerializer<'e, 'o, O> {
    emitter: &'e mut Emitter<'o, O>,
    open: Open,
    /// The place of the value whose key was written last.
    value: Option<Place>,
    /// For a variant with data: the mapping around this one.
    outer: Option<Open>,
}

impl<'e, 'o, O: KeyOrder> ValueSerializer<'e, 'o, O> {
    /// For the value that is the document.
    pub(super) fn root(emitter: &'e mut Emitter<'o, O>) -> Self {
        let place = Place {
            slot: Slot::Root,
            indent: 0,
            name: Name::Struct(""),
        };
        Self { emitter, place }
    }

    fn line(self, text: &[u8]) {
        self.emitter.line(self.place, text);
    }

    fn signed(self, value: i128) {
        let mut buffer = [0; 40];
        let digits = scalar::integer(&mut buffer, value < 0, value.unsigned_abs());
        self.emitter.line(self.place, digits);
    }

    fn list(self) -> Result<ListSerializer<'e, 'o, O>, WriteError> {
        // Asks for the depth only; lists have no runs to sort.
        self.emitter.open(self.place)?;
        Ok(ListSerializer {
            emitter: self.emitter,
            place: self.place,
            empty: true,
        })
    }

    fn mapping(self, name: Name) -> Result<MappingSerializer<'e, 'o, O>, WriteError> {
        let place = Place { name, ..self.place };
        let open = self.emitter.open(place)?;
        Ok(MappingSerializer {
            emitter: self.emitter,
            open,
            value: None,
            outer: None,
        })
    }

    /// `variant:` and the place of its data.
    fn variant(self, variant: &str) -> Result<(&'e mut Emitter<'o, O>, Open, Place), WriteError> {
        let mut outer = self.emitter.open(self.place)?;
        let place = self.emitter.key(&mut outer, variant)?;
        Ok((self.emitter, outer, place))
    }
}

impl<'e, 'o, O: KeyOrder> ser::Serializer for ValueSerializer<'e, 'o, O> {
    type Ok = ();
    type Error = WriteError;
    type SerializeSeq = ListSerializer<'e, 'o, O>;
    type SerializeTuple = ListSerializer<'e, 'o, O>;
    type SerializeTupleStruct = ListSerializer<'e, 'o, O>;
    type SerializeTupleVariant = VariantListSerializer<'e, 'o, O>;
    type SerializeMap = MappingSerializer<'e, 'o, O>;
    type SerializeStruct = MappingSerializer<'e, 'o, O>;
    type SerializeStructVariant = MappingSerializer<'e, 'o, O>;

    fn serialize_bool(self, value: bool) -> Result<(), WriteError> {
        self.line(if value { b"true" } else { b"false" });
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Result<(), WriteError> {
        self.serialize_i128(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result<(), WriteError> {
        self.serialize_i128(value.into())
    }

    fn serialize_i32(self, value: i32) -> Result<(), WriteError> {
        self.serialize_i128(value.into())
    }

    fn serialize_i64(self, value: i64) -> Result<(), WriteError> {
        self.serialize_i128(value.into())
    }

    fn serialize_i128(self, value: i128) -> Result<(), WriteError> {
        self.signed(value);
        Ok(())
    }

    fn serialize_u8(self, value: u8) -> Result<(), WriteError> {
        self.serialize_i128(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<(), WriteError> {
        self.serialize_i128(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<(), WriteError> {
        self.serialize_i128(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<(), WriteError> {
        self.serialize_i128(value.into())
    }

    fn serialize_u128(self, value: u128) -> Result<(), WriteError> {
        let mut buffer = [0; 40];
        let digits = scalar::integer(&mut buffer, false, value);
        self.emitter.line(self.place, digits);
        Ok(())
    }

    fn serialize_f32(self, value: f32) -> Result<(), WriteError> {
        self.line(scalar::float(&format!("{value:?}")).as_bytes());
        Ok(())
    }

    fn serialize_f64(self, value: f64) -> Result<(), WriteError> {
        self.line(scalar::float(&format!("{value:?}")).as_bytes());
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<(), WriteError> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), WriteError> {
        self.emitter.string(self.place, value);
        Ok(())
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), WriteError> {
        Err(WriteError::Bytes)
    }

    fn serialize_none(self) -> Result<(), WriteError> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), WriteError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), WriteError> {
        self.line(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), WriteError> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), WriteError> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), WriteError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), WriteError> {
        let (emitter, outer, place) = self.variant(variant)?;
        value.serialize(ValueSerializer { emitter, place })?;
        emitter.close(&outer);
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, WriteError> {
        self.list()
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, WriteError> {
        self.list()
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, WriteError> {
        self.list()
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, WriteError> {
        let (emitter, outer, place) = self.variant(variant)?;
        let list = ValueSerializer { emitter, place }.list()?;
        Ok(VariantListSerializer { list, outer })
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, WriteError> {
        let name = self.place.name;
        self.mapping(name)
    }

    fn serialize_struct(
        self,
        name: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStruct, WriteError> {
        self.mapping(Name::Struct(name))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, WriteError> {
        let (emitter, outer, place) = self.variant(variant)?;
        let inner = ValueSerializer { emitter, place }.mapping(Name::Struct(variant))?;
        Ok(MappingSerializer {
            outer: Some(outer),
            ..inner
        })
    }
}

impl<O: KeyOrder> ListSerializer<'_, '_, O> {
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        if self.empty {
            self.emitter.first_line(self.place.slot);
            self.empty = false;
        }
        let start = self.emitter.out.len();
        let place = Place {
            slot: Slot::Item,
            indent: self.place.indent + 2,
            name: self.place.name,
        };
        let emitter = &mut *self.emitter;
        value.serialize(ValueSerializer { emitter, place })?;
        self.emitter.dash(start, self.place.indent);
        Ok(())
    }

    fn close(&mut self) {
        if self.empty {
            self.emitter.line(self.place, b"[]");
        }
    }
}

impl<O: KeyOrder> SerializeSeq for ListSerializer<'_, '_, O> {
    type Ok = ();
    type Error = WriteError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        self.item(value)
    }

    fn end(mut self) -> Result<(), WriteError> {
        self.close();
        Ok(())
    }
}

impl<O: KeyOrder> SerializeTuple for ListSerializer<'_, '_, O> {
    type Ok = ();
    type Error = WriteError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        self.item(value)
    }

    fn end(mut self) -> Result<(), WriteError> {
        self.close();
        Ok(())
    }
}

impl<O: KeyOrder> SerializeTupleStruct for ListSerializer<'_, '_, O> {
    type Ok = ();
    type Error = WriteError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        self.item(value)
    }

    fn end(mut self) -> Result<(), WriteError> {
        self.close();
        Ok(())
    }
}

/// Writes a variant that holds a list.
pub(super) struct VariantListSerializer<'e, 'o, O> {
    list: ListSerializer<'e, 'o, O>,
    outer: Open,
}

impl<O: KeyOrder> SerializeTupleVariant for VariantListSerializer<'_, '_, O> {
    type Ok = ();
    type Error = WriteError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        self.list.item(value)
    }

    fn end(mut self) -> Result<(), WriteError> {
        self.list.close();
        self.list.emitter.close(&self.outer);
        Ok(())
    }
}

impl<O: KeyOrder> MappingSerializer<'_, '_, O> {
    fn entry<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Result<(), WriteError> {
        let place = self.emitter.key(&mut self.open, key)?;
        let emitter = &mut *self.emitter;
        value.serialize(ValueSerializer { emitter, place })
    }

    fn close(self) {
        self.emitter.close(&self.open);
        if let Some(outer) = &self.outer {
            self.emitter.close(outer);
        }
    }
}

impl<O: KeyOrder> SerializeMap for MappingSerializer<'_, '_, O> {
    type Ok = ();
    type Error = WriteError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), WriteError> {
        let (emitter, open) = (&mut *self.emitter, &mut self.open);
        self.value = Some(key.serialize(KeySerializer { emitter, open })?);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        let place = self.value.take().ok_or(WriteError::Key("missing"))?;
        let emitter = &mut *self.emitter;
        value.serialize(ValueSerializer { emitter, place })
    }

    fn end(self) -> Result<(), WriteError> {
        self.close();
        Ok(())
    }
}

impl<O: KeyOrder> SerializeStruct for MappingSerializer<'_, '_, O> {
    type Ok = ();
    type Error = WriteError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), WriteError> {
        if self.emitter.omits(&self.open, key) {
            return Ok(());
        }
        self.entry(key, value)
    }

    fn end(self) -> Result<(), WriteError> {
        self.close();
        Ok(())
    }
}

impl<O: KeyOrder> SerializeStructVariant for MappingSerializer<'_, '_, O> {
    type Ok = ();
    type Error = WriteError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), WriteError> {
        self.entry(key, value)
    }

    fn end(self) -> Result<(), WriteError> {
        self.close();
        Ok(())
    }
}

/// Takes strings and nothing else.
struct KeySerializer<'k, 'o, O> {
    emitter: &'k mut Emitter<'o, O>,
    open: &'k mut Open,
}

/// Refuses the values of a serde type that cannot be a key.
macro_rules! refuse {
    ($($method:ident: $type:ty => $what:literal,)*) => {
        $(fn $method(self, _: $type) -> Result<Place, WriteError> {
            Err(WriteError::Key($what))
        })*
    };
}

impl<O: KeyOrder> ser::Serializer for KeySerializer<'_, '_, O> {
    type Ok = Place;
    type Error = WriteError;
    type SerializeSeq = Impossible<Place, WriteError>;
    type SerializeTuple = Impossible<Place, WriteError>;
    type SerializeTupleStruct = Impossible<Place, WriteError>;
    type SerializeTupleVariant = Impossible<Place, WriteError>;
    type SerializeMap = Impossible<Place, WriteError>;
    type SerializeStruct = Impossible<Place, WriteError>;
    type SerializeStructVariant = Impossible<Place, WriteError>;

    refuse! {
        serialize_bool: bool => "a boolean",
        serialize_i8: i8 => "a number",
        serialize_i16: i16 => "a number",
        serialize_i32: i32 => "a number",
        serialize_i64: i64 => "a number",
        serialize_u8: u8 => "a number",
        serialize_u16: u16 => "a number",
        serialize_u32: u32 => "a number",
        serialize_u64: u64 => "a number",
        serialize_f32: f32 => "a number",
        serialize_f64: f64 => "a number",
        serialize_bytes: &[u8] => "raw bytes",
        serialize_unit_struct: &'static str => "nothing",
    }

    fn serialize_char(self, value: char) -> Result<Place, WriteError> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<Place, WriteError> {
        self.emitter.key(self.open, value)
    }

    fn serialize_none(self) -> Result<Place, WriteError> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Place, WriteError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Place, WriteError> {
        Err(WriteError::Key("nothing"))
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Place, WriteError> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Place, WriteError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Place, WriteError> {
        Err(WriteError::Key("a mapping"))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, WriteError> {
        Err(WriteError::Key("a list"))
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, WriteError> {
        Err(WriteError::Key("a list"))
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, WriteError> {
        Err(WriteError::Key("a list"))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, WriteError> {
        Err(WriteError::Key("a list"))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, WriteError> {
        Err(WriteError::Key("a mapping"))
    }

    fn serialize_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStruct, WriteError> {
        Err(WriteError::Key("a mapping"))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, WriteError> {
        Err(WriteError::Key("a mapping"))
    }
}
